// How a command reaches a running instance: address and credentials from flags or the environment, failures as sentences.
// It must not print a password or a token.
import type { Command as Program } from 'commander';

export interface Remote {
  get<T>(path: string): Promise<T>;
  post<T>(path: string, body: unknown): Promise<T>;
  /** What is no JSON. */
  text(path: string): Promise<string>;
  /** A file as it is. */
  send<T>(path: string, file: Blob, mediaType: string): Promise<T>;
}

export interface RemoteFlags {
  instance?: string;
  user?: string;
  password?: string;
}

export const addRemoteOptions = (command: Program): Program =>
  command
    .option('--instance <url>', 'address of the instance [CAUSEWAY_INSTANCE]')
    .option('--user <name>', 'user name [CAUSEWAY_USER]')
    .option('--password <password>', 'password; the environment keeps it out of the list of processes [CAUSEWAY_PASSWORD]');

export interface Account {
  readonly base: URL;
  readonly user: string;
  readonly authorization: string;
}

/** undefined when no instance was named. Throws Error with a sentence when the credentials are missing. */
export const readAccount = (
  flags: RemoteFlags,
  environment: Readonly<Record<string, string | undefined>>,
): Account | undefined => {
  const instance = flags.instance || environment.CAUSEWAY_INSTANCE;
  if (!instance) return undefined;
  const base = URL.parse(instance);
  if (!base) throw new Error(`--instance must be an address such as https://causeway.example.com, not "${instance}"`);
  const user = flags.user || environment.CAUSEWAY_USER;
  const password = flags.password || environment.CAUSEWAY_PASSWORD;
  if (!user || !password) throw new Error('--instance needs --user and --password (or CAUSEWAY_USER and CAUSEWAY_PASSWORD)');
  return { base, user, authorization: `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}` };
};

/** `takes` says which role a refusal is about. undefined when no instance was named. Throws Error with a sentence when the credentials are missing. */
export const openRemote = (
  flags: RemoteFlags,
  environment: Readonly<Record<string, string | undefined>>,
  fetcher: typeof fetch,
  takes = 'the role oauth_admin or admin',
): Remote | undefined => {
  const account = readAccount(flags, environment);
  if (!account) return undefined;
  const { base, user, authorization } = account;
  const callText = async (path: string, request: RequestInit): Promise<string> => {
    const headers = { authorization, ...(request.headers as Record<string, string>) };
    const answer = await fetcher(new URL(path, base), { ...request, headers }).catch((error: Error) => {
      throw new Error(`${base.origin} cannot be reached: ${(error.cause as Error | undefined)?.message ?? error.message}`);
    });
    const text = await answer.text();
    if (answer.status === 401) throw new Error(`${base.origin} does not accept this user and password`);
    if (answer.status === 403) throw new Error(`${user} may not do this on ${base.origin}: it takes ${takes}`);
    if (!answer.ok) throw new Error(`${base.origin} answered with ${answer.status}: ${text.slice(0, 300)}`);
    return text;
  };
  const call = async <T>(path: string, request: RequestInit): Promise<T> =>
    (JSON.parse(await callText(path, request)) as { result: T }).result;

  return {
    get: (path) => call(path, {}),
    text: (path) => callText(path, {}),
    post: (path, body) =>
      call(path, { method: 'POST', body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
    send: (path, file, mediaType) => call(path, { method: 'POST', body: file, headers: { 'content-type': mediaType } }),
  };
};
