// POST /api/causeway/token/inspect {"token": "…"}: what the door would do with a token, check by check, without using it up.
// It must not answer anyone but administrators of authentication: the report names users and registrations.

import type { IdentityRoom } from '../../identity/make_identity.ts';
import { Fault } from '../../kit/fault.ts';
import { hasRole } from '../../records/caller.ts';
import type { Answer, Asked } from '../api.ts';

export interface InspectParts {
  explainToken: IdentityRoom['explainToken'];
}

const tokenIn = (body: unknown): string => {
  const token =
    body !== null && typeof body === 'object' && Object.hasOwn(body, 'token') ? (body as { token: unknown }).token : undefined;
  if (typeof token === 'string' && token !== '') return token.trim();
  throw new Fault('bad_request', 'http.token_missing', 'Exception while reading request', {
    explanation: 'The payload must be an object with the token as text, such as {"token":"eyJ…"}',
  });
};

export const inspectToken =
  ({ explainToken }: InspectParts) =>
  async (asked: Asked): Promise<Answer> => {
    if (!hasRole(asked.caller, 'oauth_admin')) {
      throw new Fault('forbidden', 'http.inspect_forbidden', 'User Not Authorized', {
        explanation: 'Failed API level ACL Validation',
      });
    }
    const report = await explainToken(tokenIn(await asked.json()));
    return { status: 200, body: JSON.stringify({ result: report }) };
  };
