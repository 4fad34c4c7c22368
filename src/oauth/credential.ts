// A row of oauth_credential as this room reads it, and the values of a new one. Pure.
import { type Clock, readWireMoment, wireMoment } from '../kit/clock.ts';
import type { Row, Values } from '../records/records.ts';
import type { GrantedScope } from './scope.ts';
import { traceOf } from './token_text.ts';

export interface Credential {
  readonly sysId: string;
  readonly kind: 'access' | 'refresh';
  readonly clientSysId: string;
  readonly userSysId: string;
  readonly expiresMs: number;
  readonly state: 'live' | 'revoked' | 'rotated';
  readonly scope: GrantedScope;
  readonly format: 'opaque' | 'jwt';
  readonly family: string;
  readonly nonce: string;
  readonly tokenHash: string;
  readonly grantType: string;
  readonly fingerprint: string;
  readonly createdAt: string;
}

export const credentialOf = (row: Row): Credential => ({
  sysId: row.sys_id ?? '',
  kind: row.type === 'refresh_token' ? 'refresh' : 'access',
  clientSysId: row.peer ?? '',
  userSysId: row.user ?? '',
  expiresMs: readWireMoment(row.expires ?? ''),
  state: row.state === 'live' ? 'live' : row.state === 'rotated' ? 'rotated' : 'revoked',
  scope: { text: row.scopes ?? '', isNarrowed: row.scopes_narrowed === 'true' },
  format: row.format === 'jwt' ? 'jwt' : 'opaque',
  family: row.family ?? '',
  nonce: row.token_nonce ?? '',
  tokenHash: row.token_hash ?? '',
  grantType: row.grant_type ?? '',
  fingerprint: row.token_fingerprint ?? '',
  createdAt: row.sys_created_on ?? '',
});

/** NaN compares as false: a row whose expiry cannot be read is not live. */
export const isLive = (credential: Credential, clock: Clock): boolean =>
  credential.state === 'live' && credential.expiresMs > clock.now();

export interface NewCredential {
  kind: 'access' | 'refresh';
  token: string;
  nonce: string;
  clientSysId: string;
  clientName: string;
  userSysId: string;
  expiresMs: number;
  scope: GrantedScope;
  format: 'opaque' | 'jwt';
  family: string;
  grantType: string;
  /** null where the token is never handed out a second time. */
  reuseKey: string | null;
}

export const rowOf = (given: NewCredential): Values => ({
  name: given.clientName,
  type: given.kind === 'refresh' ? 'refresh_token' : 'access_token',
  peer: given.clientSysId,
  user: given.userSysId,
  expires: wireMoment(given.expiresMs),
  ...traceOf(given.token),
  token_nonce: given.nonce,
  scopes: given.scope.text,
  scopes_narrowed: String(given.scope.isNarrowed),
  grant_type: given.grantType,
  format: given.format,
  family: given.family,
  reuse_key: given.reuseKey,
  state: 'live',
});

/** Whole seconds left of a stored moment; stored moments have no fraction, which is why a fresh half hour reads 1799. */
export const secondsLeft = (expiresMs: number, clock: Clock): number => Math.max(0, Math.floor((expiresMs - clock.now()) / 1000));
