// Grant `refresh_token` (RFC 6749 §6): the same or less than was granted, to the same client, while the user still may.

import { sha256Hex } from '../../kit/fingerprint.ts';
import { isLive } from '../credential.ts';
import { type Check, settled } from '../flow.ts';
import { badGrant } from '../oauth_refusal.ts';
import { required } from '../parameters.ts';
import { narrowScope } from '../scope.ts';
import type { Grant, TokenContext } from '../token_context.ts';

const takeRefreshToken: Check<TokenContext> = async (context) => {
  const { clock, findToken, people, revoke } = context.parts;
  const client = settled(context.client, 'client');
  const parameters = settled(context.parameters, 'parameters');
  const presented = await findToken.byHash(sha256Hex(required(parameters, 'refresh_token')));
  if (presented === undefined || presented.kind !== 'refresh')
    throw badGrant('refresh_unknown', 'no such refresh token was given');
  const user = presented.userSysId;
  if (presented.clientSysId !== client.sysId) {
    throw badGrant('refresh_other_client', `the refresh token was given to the record ${presented.clientSysId}`, user);
  }
  if (presented.state === 'rotated') {
    await revoke.family(presented.family);
    throw badGrant('refresh_replayed', 'a refresh token that was replaced came back; everything of its family was revoked', user);
  }
  if (presented.state === 'revoked') throw badGrant('token_revoked', 'the refresh token was revoked', user);
  if (!isLive(presented, clock)) throw badGrant('token_expired', 'the refresh token has expired', user);
  context.person = await people.bySysId(user);
  if (context.person === undefined)
    throw badGrant('user_not_found', 'the user of the refresh token does not exist any more', user);
  context.presented = presented;
  context.scope = narrowScope(parameters.get('scope'), presented.scope);
};

export const refreshToken: Grant = { grantType: 'refresh_token', givesRefresh: true, checks: [takeRefreshToken] };
