// How a command reaches a running instance: an account from flags, a profile or the environment, failures as sentences.
// It must not print a password or a token.
import type { Command as Program } from 'commander';
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

export const unnamedInstance = 'Name the instance: --profile or --instance, or CAUSEWAY_PROFILE or CAUSEWAY_INSTANCE';

/** Throws Error with a sentence for what is no address of an instance, without repeating a password that stands in it. */
export const readAddress = (instance: string, name = '--instance'): URL => {
  const base = URL.parse(instance);
  if (base?.username || base?.password)
    throw new Error(`${name} must not hold a user or a password: they would stand in logs on the way`);
  if (!base || !['http:', 'https:'].includes(base.protocol))
    throw new Error(`${name} must be an address such as https://causeway.example.com, not "${instance}"`);
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
 * sent to another. undefined when no instance was named. Throws Error with a sentence where two were, or where something is missing.
 */
export const readAccount = (flags: RemoteFlags, environment: Environment): Account | undefined => {
  if (flags.profile) {
    if (flags.instance || flags.user || flags.password)
      throw new Error('--profile says address, user and password: leave out --instance, --user and --password');
    return readNamed(flags.profile, environment);
  }
  if (!flags.instance && environment.CAUSEWAY_PROFILE) {
    if (environment.CAUSEWAY_INSTANCE) throw new Error('CAUSEWAY_PROFILE and CAUSEWAY_INSTANCE both name an instance: unset one');
    if (flags.user || flags.password)
      throw new Error('CAUSEWAY_PROFILE says user and password as well: leave out --user and --password, or name the --instance');
    return readNamed(environment.CAUSEWAY_PROFILE, environment);
  }
  const instance = flags.instance || environment.CAUSEWAY_INSTANCE;
  if (!instance) return undefined;
  const base = readAddress(instance);
  const user = flags.user || environment.CAUSEWAY_USER;
  const password = flags.password || environment.CAUSEWAY_PASSWORD;
  if (!user || !password)
    throw new Error('--instance needs --user and --password (or CAUSEWAY_USER and CAUSEWAY_PASSWORD), or else name a --profile');
  return accountOf(base, user, password);
};

/** `takes` says which role a refusal is about. undefined when no instance was named. Throws Error with a sentence when the credentials are missing. */
export const openRemote = (
  flags: RemoteFlags,
  environment: Environment,
  fetcher: typeof fetch,
  takes = 'the role oauth_admin or admin',
): Remote | undefined => {
  const account = readAccount(flags, environment);
  if (!account) return undefined;
  const { base, user, authorization } = account;
  const ask = async (path: string, request: RequestInit): Promise<Response> => {
    const headers = { authorization, ...(request.headers as Record<string, string>) };
    const answer = await fetcher(new URL(path, base), { ...request, headers }).catch((error: Error) => {
      throw new Error(`${base.origin} cannot be reached: ${(error.cause as Error | undefined)?.message ?? error.message}`);
    });
    if (answer.ok) return answer;
    const text = await answer.text();
    if (answer.status === 401) throw new Error(`${base.origin} does not accept this user and password`);
    if (answer.status === 403) throw new Error(`${user} may not do this on ${base.origin}: it takes ${takes}`);
    throw new Error(`${base.origin} answered with ${answer.status}: ${text.slice(0, 300)}`);
  };
  const callText = async (path: string, request: RequestInit): Promise<string> => (await ask(path, request)).text();
  const call = async <T>(path: string, request: RequestInit): Promise<T> =>
    (JSON.parse(await callText(path, request)) as { result: T }).result;

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
