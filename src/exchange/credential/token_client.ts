// Access tokens for calling peers: fetched once however many ask, kept until 80 % of their life has passed, dropped when the peer does
// not take them. Keyed by the credential's version, so that a changed secret counts at once. Must not hold a token anywhere but in memory.
import type { Clock } from '../../kit/clock.ts';
import { Fault, isFault } from '../../kit/fault.ts';
import type { Outbound } from '../../kit/outbound.ts';
import { makeSingleFlight } from '../../kit/single_flight.ts';
import type { Records, Row } from '../../records/records.ts';
import { grantOf } from './auth_method.ts';
import { makeLegacyTokens } from './legacy_login.ts';
import { readTokenRefusal } from './read_refusal.ts';

export interface TokenEvents {
  granted(connection: string, event: { expiresAt: number }): void;
  refused(connection: string, event: { reason: string; detail: string }): void;
}

export interface TokenClientParts {
  records: Records;
  clock: Clock;
  outbound: Outbound;
  /** From 0 to 1. */
  random: () => number;
  openSecret: (sealed: string, context: string) => string;
  events: TokenEvents;
  /** Whether the peer says that it has no such connection. */
  isForgotten: (connection: Row) => Promise<boolean>;
}

export interface TokenClient {
  /** Throws Fault `exchange.auth_refused`, or one of kind `unavailable`. `fresh`: not one that is kept. */
  token(connection: Row, options?: { fresh?: boolean }): Promise<string>;
  /** A token by client credentials with a registry record that is not in use yet; nobody is told how it went. Throws as `token`. */
  tryCredential(credential: string): Promise<string>;
  refused(connection: Row, token: string): Promise<void>;
}

interface Kept {
  token: string;
  version: string;
  refreshAt: number;
}

const timeLimitMs = 10_000;

export const authRefused = (reason: string, detail: string): Fault =>
  new Fault('unavailable', 'exchange.auth_refused', `${detail} (${reason})`);

export const makeTokenClient = (parts: TokenClientParts): TokenClient => {
  const { records, clock, outbound, random, openSecret, events } = parts;
  const legacy = makeLegacyTokens(parts);
  const kept = new Map<string, Kept>();
  const fetching = makeSingleFlight<string>();

  const refuse = (connection: Row, reason: string, detail: string): Fault => {
    events.refused(connection.sys_id ?? '', { reason, detail });
    return authRefused(reason, detail);
  };

  const ask = async (credential: Row, grant: Readonly<Record<string, string>>) => {
    const secret = openSecret(credential.client_secret ?? '', 'oauth_entity.client_secret');
    const form = new URLSearchParams({ ...grant, client_id: credential.client_id ?? '', client_secret: secret });
    const answer = await outbound.send({
      url: credential.token_url ?? '',
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded', accept: 'application/json' },
      body: form.toString(),
      timeLimitMs,
    });
    if (answer.status >= 500 || answer.status === 429 || answer.status === 404 || (answer.status >= 300 && answer.status < 400))
      throw new Fault(
        'unavailable',
        'exchange.token_endpoint',
        `The peer's token endpoint answered with status ${answer.status}`,
      );
    return { status: answer.status, body: answer.body.toString('utf8') };
  };

  const fetchToken = async (connection: Row, credential: Row, version: string): Promise<string> => {
    const sysId = connection.sys_id ?? '';
    if (!credential.client_id || !credential.client_secret || !credential.token_url)
      throw refuse(connection, 'credential_missing', 'The OAuth Provider record has no client id, secret or token URL');
    const isLegacy = grantOf(credential) === 'password';
    const grants = isLegacy ? await legacy.forms(connection) : [{ grant_type: 'client_credentials' }];
    let [answer, asked]: [{ status: number; body: string } | undefined, string] = [undefined, ''];
    for (const grant of grants) {
      asked = grant.grant_type ?? '';
      answer = await ask(credential, grant);
      if (answer.status === 200) break;
    }
    if (!answer)
      throw refuse(connection, 'credential_missing', 'Neither a password nor a refresh token is kept for this connection');
    if (answer.status !== 200) {
      const { reason, detail } = readTokenRefusal(answer.status, answer.body, asked);
      if (reason !== 'client_refused' || !(await parts.isForgotten(connection))) throw refuse(connection, reason, detail);
      throw refuse(
        connection,
        'connection_unknown',
        'The peer has no such connection: it was ended there, or its database is an older one',
      );
    }
    const { access_token: token, expires_in: seconds, refresh_token: refreshToken } = readGrant(answer.body);
    if (isLegacy) await legacy.keep(connection, refreshToken, Number(credential.refresh_token_lifespan) || 8_640_000);
    const lifeMs = seconds * 1000;
    kept.set(sysId, { token, version, refreshAt: clock.now() + lifeMs * (0.75 + random() / 20) });
    events.granted(sysId, { expiresAt: clock.now() + lifeMs });
    return token;
  };

  return {
    async token(connection, { fresh = false } = {}) {
      const sysId = connection.sys_id ?? '';
      const [credential] = await records.findBy('oauth_entity', { sys_id: connection.outbound_credential ?? '' }, { limit: 1 });
      if (credential?.active !== 'true')
        throw refuse(connection, 'credential_missing', 'The connection has no active OAuth Provider record');
      const version = `${credential.sys_id}/${credential.client_id}/${credential.client_secret}/${credential.token_url}/${credential.default_grant_type}`;
      const known = kept.get(sysId);
      if (!fresh && known && known.version === version && known.refreshAt > clock.now()) return known.token;
      const key = `${sysId}/${version}`;
      return fetching.run(key, () => fetchToken(connection, credential, version));
    },
    async tryCredential(sysId) {
      const [credential] = await records.findBy('oauth_entity', { sys_id: sysId }, { limit: 1 });
      const answer = await ask(credential ?? {}, { grant_type: 'client_credentials' });
      if (answer.status === 200) return readGrant(answer.body).access_token;
      const { reason, detail } = readTokenRefusal(answer.status, answer.body, 'client_credentials');
      throw authRefused(reason, detail);
    },
    async refused(connection, token) {
      if (kept.get(connection.sys_id ?? '')?.token === token) kept.delete(connection.sys_id ?? '');
    },
  };
};

const readGrant = (body: string): { access_token: string; expires_in: number; refresh_token: string } => {
  try {
    const said = JSON.parse(body) as { access_token?: unknown; expires_in?: unknown; refresh_token?: unknown };
    if (typeof said.access_token !== 'string' || said.access_token === '') throw new Error('no token');
    const seconds = Number(said.expires_in);
    return {
      access_token: said.access_token,
      expires_in: Number.isFinite(seconds) && seconds > 0 ? Math.min(seconds, 86_400) : 1800,
      refresh_token: typeof said.refresh_token === 'string' ? said.refresh_token : '',
    };
  } catch (error) {
    if (isFault(error)) throw error;
    throw new Fault(
      'unavailable',
      'exchange.token_endpoint',
      "The peer's token endpoint answered with something else than a token",
    );
  }
};
