// The instance's own tokens as identity/ asks for them: by digest, with the entity's state and scopes as they are now.
// Must not judge the user: identity/ does, on every call.
import type { AccessTokenStore } from '../identity/parts.ts';
import type { Clock } from '../kit/clock.ts';
import type { Entities } from './entities.ts';
import type { FindToken } from './find_token.ts';
import type { OAuthProperties } from './properties.ts';
import { splitScope } from './scope.ts';

/**
 * Auth scopes that a token may use: the entity's, live; of a token for which the client asked for less and named auth scopes, only those.
 * Classic scopes are not mixed in: the two systems run side by side.
 */
export const effectiveScopes = (owned: readonly string[], tokenScope: string, isNarrowed: boolean): string[] => {
  if (!isNarrowed) return [...owned];
  const named = splitScope(tokenScope).filter((scope) => owned.includes(scope));
  return named.length > 0 ? named : [...owned];
};

export const makeAccessTokenStore = ({
  findToken,
  entities,
  properties,
  clock,
}: {
  findToken: FindToken;
  entities: Entities;
  properties: OAuthProperties;
  clock: Clock;
}): AccessTokenStore => ({
  async find(digest) {
    if (!(await properties.isActive())) return undefined;
    const credential = await findToken.byHash(digest);
    if (credential === undefined || credential.kind !== 'access') return undefined;
    const entity = await entities.find(credential.clientSysId);
    return {
      userSysId: credential.userSysId,
      entity: credential.clientSysId,
      scopes: effectiveScopes([...(entity?.authScopes.values() ?? [])], credential.scope.text, credential.scope.isNarrowed),
      expiresMs: credential.expiresMs,
      isExpired: !(credential.expiresMs > clock.now()),
      isRevoked: credential.state !== 'live' || !entity?.isActive || !entity.isClient,
    };
  },
});
