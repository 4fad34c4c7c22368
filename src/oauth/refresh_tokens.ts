// A new access token for a refresh token. Confidential clients keep the refresh token they have; a public client, which cannot prove who it
// is, gets a new one each time, and an old one that comes back takes the whole family with it (RFC 9700 §4.14).
import type { Clock } from '../kit/clock.ts';
import { wireMoment } from '../kit/clock.ts';
import { systemCaller } from '../records/caller.ts';
import type { Records } from '../records/records.ts';
import type { IssuedTokens } from './answer.ts';
import type { Client } from './client.ts';
import { type Credential, credentialOf, isLive, rowOf, secondsLeft } from './credential.ts';
import { credentialTable } from './issue_tokens.ts';
import type { Minting } from './minting.ts';
import { badGrant } from './oauth_refusal.ts';
import type { GrantedScope } from './scope.ts';

export interface RefreshOrder {
  client: Client;
  /** As it was found by its hash. */
  presented: Credential;
  /** The string that was presented: a confidential client keeps it. */
  token: string;
  subject: string;
  scope: GrantedScope;
  rotates: boolean;
}

/** Throws OAuthRefusal `invalid_grant` when the refresh token was used up or revoked in the meantime. */
export const makeRefreshTokens =
  ({ records, clock, minting }: { records: Records; clock: Clock; minting: Minting }) =>
  async ({ client, presented, token, subject, scope, rotates }: RefreshOrder): Promise<IssuedTokens> => {
    const draft = await minting.access({ client, userSysId: presented.userSysId, subject, scope: scope.text });
    const next = minting.refresh(client);
    const shared = {
      clientSysId: client.sysId,
      clientName: client.name,
      userSysId: presented.userSysId,
      family: presented.family,
      grantType: presented.grantType,
    };
    return records.write(async (transaction) => {
      const within = records.within(transaction);
      const [row] = await within.findBy(credentialTable, { sys_id: presented.sysId }, { forUpdate: true });
      if (row === undefined || !isLive(credentialOf(row), clock)) {
        throw badGrant('refresh_spent', 'the refresh token was spent or revoked by another request', presented.userSysId);
      }
      const mayReturn = (credential: Credential) =>
        credential.kind === 'access' &&
        credential.format === 'opaque' &&
        credential.scope.text === scope.text &&
        isLive(credential, clock) &&
        minting.again(credential) !== undefined;
      const family = (await within.findBy(credentialTable, { family: presented.family })).map(credentialOf);
      const current = client.tokenFormat === 'jwt' || rotates ? undefined : family.find(mayReturn);
      if (current === undefined) {
        await within.insert(
          systemCaller,
          credentialTable,
          rowOf({ ...shared, ...draft, kind: 'access', scope, format: client.tokenFormat, reuseKey: null }),
        );
      } else if (draft.expiresMs > current.expiresMs) {
        await within.update(systemCaller, credentialTable, current.sysId, { expires: wireMoment(draft.expiresMs) });
      }
      let refreshToken = token;
      if (rotates) {
        await within.update(systemCaller, credentialTable, presented.sysId, { state: 'rotated' });
        // Rotation does not lengthen the grant: the family ends when its first refresh token would have.
        const expiresMs = Math.min(next.expiresMs, presented.expiresMs);
        await within.insert(
          systemCaller,
          credentialTable,
          rowOf({ ...shared, ...next, expiresMs, kind: 'refresh', scope: presented.scope, format: 'opaque', reuseKey: null }),
        );
        refreshToken = next.token;
      }
      const expiresMs = Math.max(current?.expiresMs ?? 0, draft.expiresMs);
      return {
        accessToken: (current === undefined ? undefined : minting.again(current)) ?? draft.token,
        refreshToken,
        scope: scope.text,
        expiresInSeconds: secondsLeft(expiresMs, clock),
      };
    });
  };
