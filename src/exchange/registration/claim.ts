// What each side hands to the other when they register: who it is, and the client with which it may be called. Read from what came in.
import { Fault } from '../../kit/fault.ts';
import type { ClientPair, PeerFacts } from '../connection/connection_records.ts';
import { readPeerUrl } from '../connection/names.ts';
import type { Login } from '../credential/legacy_login.ts';

export interface Claim {
  /** Origin at which the speaker is called; '' where the listener knows it. */
  readonly url: string;
  readonly company: string;
  readonly client: ClientPair;
  /** The speaker's integration user, where the link is of the older kind. */
  readonly login: Login | undefined;
  readonly peer: PeerFacts;
}

const bad = (what: string): Fault =>
  new Fault('bad_request', 'exchange.bad_registration', 'The step of the registration cannot be read', { explanation: what });

const textOf = (value: unknown, name: string, most: number): string => {
  if (typeof value === 'string' && value.length <= most && value.isWellFormed() && !value.includes('\0')) return value;
  throw bad(`${name} must be a text of at most ${most} characters.`);
};

const readLogin = (value: unknown): Login | undefined => {
  if (value === undefined || value === null) return undefined;
  const said = (typeof value === 'object' ? value : {}) as Record<string, unknown>;
  const login = { user: textOf(said.user, 'login user', 100), password: textOf(said.password, 'login password', 500) };
  if (login.user === '' || login.password === '') throw bad('login must have a user and a password.');
  return login;
};

/** Throws `exchange.bad_registration`. */
export const readClaim = (value: unknown): Claim => {
  const said = (value !== null && typeof value === 'object' ? value : {}) as Record<string, unknown>;
  const client = (said.client ?? {}) as Record<string, unknown>;
  const peer = (said.peer ?? {}) as Record<string, unknown>;
  const url = said.url === undefined ? '' : readPeerUrl(textOf(said.url, 'url', 1024));
  if (url === undefined) throw bad('url must be the address of an instance.');
  const connection = textOf(peer.connection, 'connection', 32);
  if (!/^[0-9a-f]{32}$/.test(connection)) throw bad('connection must be a sys_id.');
  const features = Array.isArray(peer.features) ? peer.features.slice(0, 50).map((one) => textOf(one, 'features', 60)) : [];
  const pair = { id: textOf(client.id, 'client id', 200), secret: textOf(client.secret, 'client secret', 500) };
  if (pair.id === '' || pair.secret === '') throw bad('client must have an id and a secret.');
  const instanceId = textOf(peer.instanceId, 'instanceId', 40);
  if (instanceId === '') throw bad('instanceId is missing.');
  return {
    url,
    company: textOf(said.company ?? '', 'company', 80),
    client: pair,
    login: readLogin(said.login),
    peer: {
      instanceId,
      incarnation: textOf(peer.incarnation ?? '', 'incarnation', 40),
      version: textOf(peer.version ?? '', 'version', 40),
      features,
      connection,
    },
  };
};
