// A client of ours as the endpoints see it, made from its Application Registry row. Pure.
// Only an OAuth Client or an OAuth JWT endpoint becomes one: rows of other kinds are registrations at somebody else's server.
import type { Row } from '../records/records.ts';
import { splitRedirectUris } from './redirect_uri.ts';

export interface Client {
  readonly sysId: string;
  readonly clientId: string;
  readonly name: string;
  readonly comments: string;
  readonly className: string;
  readonly isActive: boolean;
  readonly isPublic: boolean;
  readonly redirectUris: readonly string[];
  /** sys_id of the OAuth Application User, '' when none is set. */
  readonly applicationUser: string;
  readonly inboundGrant: string;
  readonly tokenFormat: 'opaque' | 'jwt';
  readonly subjectField: string;
  readonly accessLifeSeconds: number;
  readonly refreshLifeSeconds: number;
  readonly codeLifeSeconds: number;
  /** Classic scopes registered for it. */
  readonly scopes: readonly string[];
  /** The stored secret, sealed. */
  readonly sealedSecret: string;
  /** It came with the secret before this one when it came last. */
  readonly isLate: boolean;
}

/** A key stays published for so long after it was replaced, as in the original. */
export const keyPublishedSeconds = 105 * 86_400;

const lifeOf = (text: string | undefined, fallbackSeconds: number): number => {
  const seconds = Number(text === undefined || text === '' ? fallbackSeconds : text);
  // Ten years is more than any client means; what cannot be read must not become a token without end.
  return Number.isSafeInteger(seconds) && seconds > 0 && seconds <= 315_360_000 ? seconds : fallbackSeconds;
};

/** undefined for a registry row of another kind. */
export const clientOf = (row: Row, scopes: readonly string[]): Client | undefined => {
  const className = row.sys_class_name || 'oauth_entity';
  if (className !== 'oauth_jwt' && !(className === 'oauth_entity' && row.type === 'client')) return undefined;
  const tokenFormat = row.token_format === 'jwt' ? 'jwt' : 'opaque';
  const accessLifeSeconds = lifeOf(row.access_token_lifespan, 1800);
  return {
    sysId: row.sys_id ?? '',
    clientId: row.client_id ?? '',
    name: row.name ?? '',
    comments: row.comments ?? '',
    className,
    isActive: row.active === 'true',
    isPublic: row.public_client === 'true',
    redirectUris: splitRedirectUris(row.redirect_url ?? ''),
    applicationUser: row.user ?? '',
    inboundGrant: row.inbound_grant_type ?? '',
    tokenFormat,
    // The rules of the registry refuse secrets here; a row from elsewhere must not get one out either.
    subjectField: row.sub_claim && row.sub_claim !== 'user_password' ? row.sub_claim : 'sys_id',
    // A token must not outlive the key by which others check it.
    accessLifeSeconds: tokenFormat === 'jwt' ? Math.min(accessLifeSeconds, keyPublishedSeconds) : accessLifeSeconds,
    refreshLifeSeconds: lifeOf(row.refresh_token_lifespan, 8_640_000),
    // RFC 6749 §4.1.2: ten minutes at the most.
    codeLifeSeconds: Math.min(lifeOf(row.auth_code_lifespan, 60), 600),
    scopes,
    sealedSecret: row.client_secret ?? '',
    isLate: (row.former_secret_used ?? '') !== '',
  };
};

/** Grants that each value of `inbound_grant_type` lets through; a value that is not here lets all through. */
const grantsOfKind: ReadonlyMap<string, readonly string[]> = new Map([
  ['jwt', ['urn:ietf:params:oauth:grant-type:jwt-bearer']],
  ['authz_code', ['authorization_code', 'refresh_token']],
  ['client_credential', ['client_credentials']],
  ['client_credentials', ['client_credentials']],
  ['ropc', ['password', 'refresh_token']],
  ['oidc', []],
  ['internal', []],
  ['not_applicable', []],
]);

export const clientMayUse = (client: Client, grantType: string): boolean =>
  grantsOfKind.get(client.inboundGrant)?.includes(grantType) ?? true;
