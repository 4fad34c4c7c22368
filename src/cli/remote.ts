// How a command reaches a running instance: an account from flags, a profile or the environment, failures as sentences.
// It must not print a password or a token.
import type { Command as Program } from 'commander';
import { askInstance, readJson, sentenceOf, strangeAnswer } from '../doctor/ask_instance.ts';
import { Misuse } from './command.ts';
import { type Environment, findProfile } from './profile/profiles.ts';

export interface Remote {
  get<T>(path: string): Promise<T>;
  post<T>(path: string, body: unknown): Promise<T>;
  /** What is no JSON. */
  text(path: string): Promise<string>;
  /** The same line by line, for what may be larger than memory. Throws where it is cut off. */
  lines(path: string): AsyncIterable<string>;
  /** A file as it is. */
  send<T>(path: string, file: Blob, mediaType: string): Promise<T>;
}

export interface RemoteFlags {
  profile?: string;
  instance?: string;
  user?: string;
  password?: string;
}

export const addRemoteOptions = (command: Program): Program =>
  command
    .option('--profile <name>', 'an account that was kept with causeway profile add [CAUSEWAY_PROFILE]')
    .option('--instance <url>', 'address of the instance [CAUSEWAY_INSTANCE]')
    .option('--user <name>', 'user name [CAUSEWAY_USER]')
    .option(
      '--password <password>',
      'password; a profile or the environment keeps it out of the list of processes [CAUSEWAY_PASSWORD]',
    );

export interface Account {
  readonly base: URL;
  readonly user: string;
  readonly authorization: string;
}

/** Throws Misuse for what is no address of an instance, without repeating a password that stands in it. */
export const readAddress = (instance: string, name = '--instance'): URL => {
  const base = URL.parse(instance);
  if (base?.username || base?.password)
    throw new Misuse(`${name} must not hold a user or a password: they would stand in logs on the way`);
  if (!base || !['http:', 'https:'].includes(base.protocol))
    throw new Misuse(`${name} must be an address such as https://causeway.example.com, not "${instance}"`);
  return base;
};

const accountOf = (base: URL, user: string, password: string): Account => ({
  base,
  user,
  authorization: `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`,
});

const readNamed = (name: string, environment: Environment): Account => {
  const { instance, user, password } = findProfile(name, environment);
  return accountOf(readAddress(instance, `The address of profile ${name}`), user, password);
};

/**
 * What stands on the command line wins over the environment; a profile is taken whole, so that the password of one instance is never
 * sent to another. undefined when no instance was named. Throws Misuse where two were, or where something is missing.
 */
export const readAccount = (flags: RemoteFlags, environment: Environment): Account | undefined => {
  if (flags.profile) {
    if (flags.instance || flags.user || flags.password)
      throw new Misuse('--profile says address, user and password: leave out --instance, --user and --password');
    return readNamed(flags.profile, environment);
  }
  if (!flags.instance && environment.CAUSEWAY_PROFILE) {
    if (environment.CAUSEWAY_INSTANCE)
      throw new Misuse('CAUSEWAY_PROFILE and CAUSEWAY_INSTANCE both name an instance: unset one');
    if (flags.user || flags.password)
      throw new Misuse(
        'CAUSEWAY_PROFILE says user and password as well: leave out --user and --password, or name the --instance',
      );
    return readNamed(environment.CAUSEWAY_PROFILE, environment);
  }
  const instance = flags.instance || environment.CAUSEWAY_INSTANCE;
  if (!instance) return undefined;
  const base = readAddress(instance);
  const user = flags.user || environment.CAUSEWAY_USER;
  const password = flags.password || environment.CAUSEWAY_PASSWORD;
  if (!user || !password)
    throw new Misuse('--instance needs --user and --password (or CAUSEWAY_USER and CAUSEWAY_PASSWORD), or else name a --profile');
  return accountOf(base, user, password);
};

/** As `readAccount`, for a command that cannot do without. */
export const demandAccount = (flags: RemoteFlags, environment: Environment): Account => {
  const account = readAccount(flags, environment);
  if (!account) throw new Misuse('Name the instance: --profile or --instance, or CAUSEWAY_PROFILE or CAUSEWAY_INSTANCE');
  return account;
};

/** `takes` says which role a refusal is about. */
export const openRemote = (account: Account, fetcher: typeof fetch, takes = 'the role oauth_admin or admin'): Remote => {
  const { base, user } = account;
  const ask = async (path: string, request: RequestInit): Promise<Response> => {
    const answer = await askInstance({ ...account, fetcher }, path, request);
    if (answer.ok) return answer;
    if (answer.status === 403) throw new Error(`${user} may not do this on ${base.origin}: it takes ${takes}`);
    const sentence = sentenceOf(readJson(await answer.text()));
    throw sentence === '' ? strangeAnswer(base, answer.status) : new Error(`${base.origin} refuses: ${sentence}`);
  };
  const callText = async (path: string, request: RequestInit): Promise<string> => (await ask(path, request)).text();
  const call = async <T>(path: string, request: RequestInit): Promise<T> => {
    const answer = await ask(path, request);
    const body = readJson(await answer.text()) as { result?: T } | undefined;
    if (body?.result === undefined) throw strangeAnswer(base, answer.status);
    return body.result;
  };

  return {
    get: (path) => call(path, {}),
    text: (path) => callText(path, {}),
    async *lines(path) {
      const { body } = await ask(path, {});
      let rest = '';
      for await (const piece of body?.pipeThrough(new TextDecoderStream()) ?? []) {
        const lines = (rest + piece).split('\n');
        rest = lines.pop() ?? '';
        yield* lines;
      }
      if (rest !== '') yield rest;
    },
    post: (path, body) =>
      call(path, { method: 'POST', body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
    send: (path, file, mediaType) => call(path, { method: 'POST', body: file, headers: { 'content-type': mediaType } }),
  };
};
