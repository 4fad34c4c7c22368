// A bearer string as the instance's own token, looked up by its digest. Comes before id_token: a JWT of our own must be found here. What
// cannot be ours by its type is not looked for: that would be a read for every new token of a provider.
// Must not say anything about strings it does not know.
import type { Clock } from '../../kit/clock.ts';
import { sha256Hex } from '../../kit/fingerprint.ts';
import { readCredential } from '../credential.ts';
import type { AuthenticationMethod } from '../identity.ts';
import type { AccessTokenStore, Properties } from '../parts.ts';
import { Refusal } from '../refusal.ts';
import { refuseUnfitUser } from '../user_state.ts';
import type { Users } from '../users.ts';

/** `typ` of our tokens in JWT format (RFC 9068). */
export const accessTokenType = 'at+jwt';

/** Opaque tokens have no dot. */
const mayBeOwn = (token: string): boolean => {
  const dot = token.indexOf('.');
  if (dot < 0) return true;
  try {
    const { typ } = JSON.parse(Buffer.from(token.slice(0, dot), 'base64url').toString('utf8')) as { typ?: unknown };
    return typ === accessTokenType;
  } catch {
    return false;
  }
};

export const makeAccessToken = (parts: {
  accessTokens: AccessTokenStore;
  users: Users;
  clock: Clock;
  properties: Properties;
  /** Digests of tokens that were proven to be another issuer's: spares a read on nearly every call with one. */
  isForeign: (digest: string) => boolean;
}): AuthenticationMethod => ({
  name: 'access_token',
  async identify(knock) {
    const { accessTokens, users, clock, properties } = parts;
    const credential = readCredential(knock);
    if (credential.kind !== 'bearer' || !mayBeOwn(credential.value)) return undefined;
    const digest = sha256Hex(credential.value);
    // It was looked for here before it was proven there, and no token of our own is made later than its own text.
    if (parts.isForeign(digest)) return undefined;
    const row = await accessTokens.find(digest);
    if (!row) return undefined;
    const { entity, userSysId } = row;
    if (row.isRevoked) throw new Refusal('token_revoked', { entity, userSysId, expected: 'a live token', got: 'a revoked one' });
    if (row.isExpired) throw new Refusal('token_expired', { entity, userSysId, expected: 'a live token', got: 'an expired one' });
    const user = await users.bySysId(userSysId);
    if (!user) throw new Refusal('user_not_found', { entity, expected: 'the user of the token', got: 'no such user' });
    await refuseUnfitUser(user, { properties, nowMs: clock.now() });
    const caller = await users.callerOf(user);
    return { caller, method: 'access_token', entity, scopes: row.scopes, holdsUntilMs: row.expiresMs };
  },
});
