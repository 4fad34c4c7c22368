// Grant `authorization_code` (RFC 6749 §4.1, RFC 7636): swaps the code of the consent page for tokens.
// The code is used up before anything about it is compared, so nobody gets a second try at a verifier.
import { type Check, settled } from '../flow.ts';
import { badGrant } from '../oauth_refusal.ts';
import { required } from '../parameters.ts';
import { verifierFits } from '../pkce.ts';
import type { Grant, TokenContext } from '../token_context.ts';

type TokenCheck = Check<TokenContext>;

const takeCode: TokenCheck = async (context) => {
  const { codes, people, revoke } = context.parts;
  const parameters = settled(context.parameters, 'parameters');
  const code = required(parameters, 'code');
  const taken = await codes.take(code, settled(context.client, 'client'), async (family) => {
    await revoke.family(family);
  });
  const sentUri = parameters.get('redirect_uri');
  const isSameUri = sentUri === undefined ? !taken.wasRedirectSent : sentUri === taken.redirectUri;
  if (!isSameUri)
    throw badGrant('redirect_mismatch', 'redirect_uri is not the one of the authorization request', taken.userSysId);
  const verifier = parameters.get('code_verifier');
  if (taken.challenge === '') {
    // RFC 9700 §2.1.1: a verifier for a code without a challenge is the mark of a downgrade.
    if (verifier !== undefined)
      throw badGrant('pkce_mismatch', 'a verifier came for a code that was asked for without a challenge', taken.userSysId);
  } else if (verifier === undefined) {
    throw badGrant('pkce_missing', 'the code was asked for with a challenge and no verifier came', taken.userSysId);
  } else if (!verifierFits(verifier, taken.challenge)) {
    throw badGrant('pkce_mismatch', 'the verifier does not fit the challenge', taken.userSysId);
  }
  context.person = await people.bySysId(taken.userSysId);
  if (context.person === undefined)
    throw badGrant('user_not_found', 'the user of the code does not exist any more', taken.userSysId);
  context.scope = taken.scope;
  context.code = { family: taken.family, guard: codes.guard(taken.family) };
};

export const authorizationCode: Grant = { grantType: 'authorization_code', givesRefresh: true, checks: [takeCode] };
