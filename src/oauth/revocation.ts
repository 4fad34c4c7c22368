// Token revocation (RFC 7009) as the original's clients use it: GET or POST, without authentication, and always the same 200 that says nothing.
// Must not tell whether the token was good: whoever holds it may end it, and nobody learns anything.

import type { Refusals } from '../identity/refusals.ts';
import type { LocalhostLog } from '../kit/localhost_log.ts';
import { type Answer, jsonAnswer, refusalAnswer, uncached } from './answer.ts';
import { OAuthRefusal } from './oauth_refusal.ts';
import { readFormRequest } from './parameters.ts';
import type { OAuthProperties } from './properties.ts';
import type { RevokeTokens } from './revoke_tokens.ts';
import type { TokenRequest } from './token_context.ts';

export const makeRevocation =
  ({
    revoke,
    properties,
    refusals,
    log,
  }: {
    revoke: RevokeTokens;
    properties: OAuthProperties;
    refusals: Pick<Refusals, 'note'>;
    log: LocalhostLog;
  }) =>
  async (request: TokenRequest): Promise<Answer> => {
    try {
      // The token in the query is how the original documents it, whatever the property says about the token endpoint.
      const token = readFormRequest(request, false).get('token');
      for (const row of token === undefined ? [] : await revoke.token(token)) {
        log.of(request.transactionId).plain(`OAuth token revoked: ${row.type} ${row.token_fingerprint}`);
        refusals.note({
          reason: 'token_revoked',
          leg: 'revoke',
          transactionId: request.transactionId,
          path: '/oauth_revoke_token.do',
          scheme: 'oauth',
          entity: row.peer,
          userSysId: row.user,
          tokenFingerprint: row.token_fingerprint,
          remoteAddress: request.remoteAddress,
        });
      }
      // Clients that ask for JSON fail without its type, or with its type on nothing.
      if (/\bjson\b/i.test(request.accept ?? '')) return jsonAnswer(200, {});
      return { status: 200, headers: { ...uncached }, body: '' };
    } catch (error) {
      if (error instanceof OAuthRefusal) return refusalAnswer(error, await properties.answerMode(), false);
      throw error;
    }
  };
