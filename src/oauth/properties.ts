// The properties of the OAuth room with their fallbacks, read live. Names are the original's where it has one; ours begin with `causeway.`.
// Must not cache: an administrator's switch acts on the next request.

import type { Properties } from '../identity/parts.ts';
import { readWireMoment } from '../kit/clock.ts';
import type { AnswerMode } from './answer.ts';

export interface BasicRestriction {
  isActive: boolean;
  isEnforced: boolean;
  /** Before it, in milliseconds since the epoch, the gate only writes down; NaN where none is set. */
  enforcedFrom: number;
  /** Of people for whom nothing else was decided. */
  maintainsByDefault: boolean;
  allowedRoles: string;
  allowedUsers: string;
  allowsServiceUsers: boolean;
  /** Alone decides of people outside the organisation; undefined where it is not set. */
  allowsExternal: boolean | undefined;
}

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
  basicRestriction(): Promise<BasicRestriction>;
  rotatesPublicRefreshTokens(): Promise<boolean>;
  signingKeyDays(): Promise<number>;
  /** sys_id of the auth scope that opens everything. */
  universalScope(): Promise<string>;
  /** How long an expired row is kept, in milliseconds. */
  expiredKeptMs(): Promise<number>;
  /** The same of an API key; for ever while the cleanup is switched off. */
  expiredKeysKeptMs(): Promise<number>;
}

export const universalScopeProperty = 'glide.oauth.token.scope.useraccount';
export const universalScopeSysId = '5e1f1b0ad4a3401f8f3c9b6a7d20c0de';
export const misbindingProperty = 'causeway.rehearsal.allow_misbinding';
export const overlapProperty = 'causeway.oauth.secret_overlap_seconds';

const prefix = 'com.snc.platform.security.oauth';
const keyPrefix = 'com.snc.platform.security.token.auth';

/** What holds where a property is absent or empty; the same as the rows that a new instance gets. */
export const oauthFallbacks: ReadonlyMap<string, string> = new Map([
  [`${prefix}.is.active`, 'true'],
  ['glide.oauth.inbound.client.credential.grant_type.enabled', 'false'],
  ['glide.oauth.inbound.ropc.grant_type.disabled', 'false'],
  ['glide.oauth.state.parameter.required', 'true'],
  ['glide.oauth.allow.parameters.in.post.body.only', 'true'],
  ['com.glide.rest.api.auth.scope.check.enable', 'true'],
  ['glide.security.response.authenticate.header.auth_profile.first_scheme_only', 'true'],
  [`${prefix}.day.old.credential.is.kept`, '7'],
  [`${prefix}.hours.expired.credential.is.kept`, '0'],
  [`${keyPrefix}.cleanup`, 'true'],
  [`${keyPrefix}.days.expired.api_key.is.kept`, '7'],
  ['causeway.oauth.rfc6749', 'false'],
  ['causeway.oauth.introspection.enabled', 'false'],
  ['causeway.oauth.rotate_public_refresh_tokens', 'true'],
  ['causeway.oauth.signing_key_days', '90'],
]);

/** A date, or a date and a time, in UTC. */
const readDay = (text: string): number => {
  const day = text.trim();
  return readWireMoment(/^\d{4}-\d\d-\d\d$/.test(day) ? `${day} 00:00:00` : day);
};

export const makeOAuthProperties = (properties: Properties & { get(name: string): Promise<string> }): OAuthProperties => {
  const flag = (name: string): Promise<boolean> => properties.flag(name, oauthFallbacks.get(name) === 'true');
  const count = async (name: string): Promise<number> => {
    const fallback = Number(oauthFallbacks.get(name) ?? 0);
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
    async basicRestriction() {
      const name = (last: string) => `glide.authenticate.basic_auth.${last}`;
      const external = (await properties.get(name('allow_snc_external'))).trim().toLowerCase();
      return {
        isActive: await properties.flag(name('restriction.active')),
        isEnforced: await properties.flag(name('restriction.enforce')),
        enforcedFrom: readDay(await properties.get(name('restriction.enforcement_date'))),
        maintainsByDefault: (await properties.get(name('restriction.default_decision'))).trim().toLowerCase() === 'maintain',
        allowedRoles: (await properties.get(name('allowed_roles'))) || 'snc_basic_auth_api_access',
        allowedUsers: await properties.get(name('allowed_users')),
        allowsServiceUsers: await properties.flag(name('allow_wsao'), true),
        allowsExternal: external === '' ? undefined : external === 'true',
      };
    },
    rotatesPublicRefreshTokens: () => flag('causeway.oauth.rotate_public_refresh_tokens'),
    signingKeyDays: () => count('causeway.oauth.signing_key_days'),
    universalScope: async () => (await properties.get(universalScopeProperty)) || universalScopeSysId,
    expiredKeptMs: async () =>
      (await count(`${prefix}.hours.expired.credential.is.kept`)) * 3_600_000 +
      (await count(`${prefix}.day.old.credential.is.kept`)) * 86_400_000,
    expiredKeysKeptMs: async () =>
      (await flag(`${keyPrefix}.cleanup`))
        ? (await count(`${keyPrefix}.days.expired.api_key.is.kept`)) * 86_400_000
        : Number.POSITIVE_INFINITY,
  };
};
