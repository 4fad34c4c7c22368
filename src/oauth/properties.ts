// The properties of the OAuth room with their fallbacks, read live. Names are the original's where it has one; ours begin with `causeway.`.
// Must not cache: an administrator's switch acts on the next request.
import type { Properties } from '../identity/parts.ts';
import type { AnswerMode } from './answer.ts';

export interface OAuthProperties {
  isActive(): Promise<boolean>;
  answerMode(): Promise<AnswerMode>;
  isBodyOnly(): Promise<boolean>;
  isStateRequired(): Promise<boolean>;
  isPasswordGrantDisabled(): Promise<boolean>;
  isClientCredentialsEnabled(): Promise<boolean>;
  isIntrospectionEnabled(): Promise<boolean>;
  isScopeCheckEnabled(): Promise<boolean>;
  isFirstSchemeOnly(): Promise<boolean>;
  rotatesPublicRefreshTokens(): Promise<boolean>;
  signingKeyDays(): Promise<number>;
  /** sys_id of the auth scope that opens everything. */
  universalScope(): Promise<string>;
  /** How long an expired row is kept, in milliseconds. */
  expiredKeptMs(): Promise<number>;
}

export const universalScopeProperty = 'glide.oauth.token.scope.useraccount';
export const universalScopeSysId = '5e1f1b0ad4a3401f8f3c9b6a7d20c0de';
export const misbindingProperty = 'causeway.rehearsal.allow_misbinding';
export const overlapProperty = 'causeway.oauth.secret_overlap_seconds';

const prefix = 'com.snc.platform.security.oauth';

/** Name → fallback and meaning: seeds for sys_properties and the source of docs/oauth.md's table. */
export const oauthPropertyList: ReadonlyMap<string, readonly [fallback: string, meaning: string]> = new Map([
  [`${prefix}.is.active`, ['true', 'The OAuth endpoints answer and tokens are taken']],
  ['glide.oauth.inbound.client.credential.grant_type.enabled', ['false', 'Grant client_credentials']],
  ['glide.oauth.inbound.ropc.grant_type.disabled', ['false', 'Turn the password grant off']],
  ['glide.oauth.state.parameter.required', ['true', 'An authorization request must carry a state']],
  ['glide.oauth.allow.parameters.in.post.body.only', ['true', 'Refuse OAuth parameters in a query string of the token endpoint']],
  ['com.glide.rest.api.auth.scope.check.enable', ['true', 'Check the auth scopes of APIs against those of the token']],
  [universalScopeProperty, [universalScopeSysId, 'sys_id of the auth scope that opens every API']],
  [
    'glide.security.response.authenticate.header.auth_profile.first_scheme_only',
    ['true', 'A refused call under an access policy hears only of the profile that was mapped last'],
  ],
  [`${prefix}.hours.expired.credential.is.kept`, ['0', 'Hours for which an expired credential is kept, added to the days']],
  [`${prefix}.day.old.credential.is.kept`, ['7', 'Days for which an expired credential is kept']],
  ['causeway.oauth.rfc6749', ['false', 'Answer with the error codes of RFC 6749 instead of those of the original']],
  ['causeway.oauth.introspection.enabled', ['false', 'Answer token introspection (RFC 7662)']],
  ['causeway.oauth.rotate_public_refresh_tokens', ['true', 'A public client gets a new refresh token at every refresh']],
  [overlapProperty, ['86400', 'How long a replaced client secret is still taken']],
  ['causeway.oauth.signing_key_days', ['90', 'Age at which the key of JWT-format tokens is replaced']],
  [misbindingProperty, ['false', 'Let the OAuth Application User be set on an OAuth Provider record']],
]);

export const makeOAuthProperties = (properties: Properties & { get(name: string): Promise<string> }): OAuthProperties => {
  const flag = (name: string): Promise<boolean> => properties.flag(name, oauthPropertyList.get(name)?.[0] === 'true');
  const count = async (name: string): Promise<number> => {
    const fallback = Number(oauthPropertyList.get(name)?.[0] ?? 0);
    const number = await properties.number(name, fallback);
    return number >= 0 ? number : fallback;
  };
  return {
    isActive: () => flag(`${prefix}.is.active`),
    answerMode: async () => ((await flag('causeway.oauth.rfc6749')) ? 'rfc6749' : 'compat'),
    isBodyOnly: () => flag('glide.oauth.allow.parameters.in.post.body.only'),
    isStateRequired: () => flag('glide.oauth.state.parameter.required'),
    isPasswordGrantDisabled: () => flag('glide.oauth.inbound.ropc.grant_type.disabled'),
    isClientCredentialsEnabled: () => flag('glide.oauth.inbound.client.credential.grant_type.enabled'),
    isIntrospectionEnabled: () => flag('causeway.oauth.introspection.enabled'),
    isScopeCheckEnabled: () => flag('com.glide.rest.api.auth.scope.check.enable'),
    isFirstSchemeOnly: () => flag('glide.security.response.authenticate.header.auth_profile.first_scheme_only'),
    rotatesPublicRefreshTokens: () => flag('causeway.oauth.rotate_public_refresh_tokens'),
    signingKeyDays: () => count('causeway.oauth.signing_key_days'),
    universalScope: async () => (await properties.get(universalScopeProperty)) || universalScopeSysId,
    expiredKeptMs: async () =>
      (await count(`${prefix}.hours.expired.credential.is.kept`)) * 3_600_000 +
      (await count(`${prefix}.day.old.credential.is.kept`)) * 86_400_000,
  };
};
