// The properties of the OAuth room with their fallbacks, read live. Names are the original's where it has one; ours begin with `causeway.`.
// Must not cache: an administrator's switch acts on the next request.
import type { Properties } from '../identity/parts.ts';
import type { AnswerMode } from './answer.ts';

export interface OAuthProperties {
  isActive(): boolean;
  answerMode(): AnswerMode;
  isBodyOnly(): boolean;
  isStateRequired(): boolean;
  isPasswordGrantDisabled(): boolean;
  isClientCredentialsEnabled(): boolean;
  isIntrospectionEnabled(): boolean;
  isScopeCheckEnabled(): boolean;
  isMisbindingAllowed(): boolean;
  rotatesPublicRefreshTokens(): boolean;
  secretOverlapSeconds(): number;
  signingKeyDays(): number;
  /** How long an expired row is kept, in milliseconds. */
  expiredKeptMs(): number;
}

const prefix = 'com.snc.platform.security.oauth';

/** Name → fallback and meaning: seeds for sys_properties and the source of docs/oauth.md's table. */
export const oauthPropertyList: ReadonlyMap<string, readonly [fallback: string, meaning: string]> = new Map([
  [`${prefix}.is.active`, ['true', 'The OAuth endpoints answer and tokens are taken']],
  ['glide.oauth.inbound.client.credential.grant_type.enabled', ['false', 'Grant client_credentials']],
  ['glide.oauth.inbound.ropc.grant_type.disabled', ['false', 'Turn the password grant off']],
  ['glide.oauth.state.parameter.required', ['true', 'An authorization request must carry a state']],
  ['glide.oauth.allow.parameters.in.post.body.only', ['true', 'Refuse OAuth parameters in a query string of the token endpoint']],
  ['com.glide.rest.api.auth.scope.check.enable', ['true', 'Check the auth scopes of APIs against those of the token']],
  [`${prefix}.hours.expired.credential.is.kept`, ['0', 'Hours for which an expired credential is kept, added to the days']],
  [`${prefix}.day.old.credential.is.kept`, ['7', 'Days for which an expired credential is kept']],
  ['causeway.oauth.rfc6749', ['false', 'Answer with the error codes of RFC 6749 instead of those of the original']],
  ['causeway.oauth.introspection.enabled', ['false', 'Answer token introspection (RFC 7662)']],
  ['causeway.oauth.rotate_public_refresh_tokens', ['true', 'A public client gets a new refresh token at every refresh']],
  ['causeway.oauth.secret_overlap_seconds', ['86400', 'How long a replaced client secret is still taken']],
  ['causeway.oauth.signing_key_days', ['90', 'Age at which the key of JWT-format tokens is replaced']],
  ['causeway.rehearsal.allow_misbinding', ['false', 'Let the OAuth Application User be set on an OAuth Provider record']],
]);

export const makeOAuthProperties = (properties: Properties): OAuthProperties => {
  const flag = (name: string): boolean => properties.flag(name, oauthPropertyList.get(name)?.[0] === 'true');
  const count = (name: string): number => {
    const fallback = Number(oauthPropertyList.get(name)?.[0] ?? 0);
    const number = properties.number(name, fallback);
    return Number.isFinite(number) && number >= 0 ? number : fallback;
  };
  return {
    isActive: () => flag(`${prefix}.is.active`),
    answerMode: () => (flag('causeway.oauth.rfc6749') ? 'rfc6749' : 'compat'),
    isBodyOnly: () => flag('glide.oauth.allow.parameters.in.post.body.only'),
    isStateRequired: () => flag('glide.oauth.state.parameter.required'),
    isPasswordGrantDisabled: () => flag('glide.oauth.inbound.ropc.grant_type.disabled'),
    isClientCredentialsEnabled: () => flag('glide.oauth.inbound.client.credential.grant_type.enabled'),
    isIntrospectionEnabled: () => flag('causeway.oauth.introspection.enabled'),
    isScopeCheckEnabled: () => flag('com.glide.rest.api.auth.scope.check.enable'),
    isMisbindingAllowed: () => flag('causeway.rehearsal.allow_misbinding'),
    rotatesPublicRefreshTokens: () => flag('causeway.oauth.rotate_public_refresh_tokens'),
    secretOverlapSeconds: () => count('causeway.oauth.secret_overlap_seconds'),
    signingKeyDays: () => count('causeway.oauth.signing_key_days'),
    expiredKeptMs: () =>
      count(`${prefix}.hours.expired.credential.is.kept`) * 3_600_000 +
      count(`${prefix}.day.old.credential.is.kept`) * 86_400_000,
  };
};
