// Grant `password` (RFC 6749 §4.3): the client hands over the user's name and password.
// Failed passwords count towards the user's lockout, as at every other door.
import { type Check, settled } from '../flow.ts';
import { badGrant, OAuthRefusal } from '../oauth_refusal.ts';
import { required } from '../parameters.ts';
import { grantScope } from '../scope.ts';
import type { Grant, TokenContext } from '../token_context.ts';

type TokenCheck = Check<TokenContext>;

const passwordGrantIsOn: TokenCheck = async ({ parts }) => {
  if (await parts.properties.isPasswordGrantDisabled()) {
    throw new OAuthRefusal('unauthorized_client', {
      description: 'The password grant is turned off',
      reason: 'grant_disabled',
      detail: 'glide.oauth.inbound.ropc.grant_type.disabled is true',
    });
  }
};

// Without a secret this would be a place where anyone may try passwords under the name of a known app.
const clientIsConfidential: TokenCheck = ({ client }) => {
  if (settled(client, 'client').isPublic) {
    throw new OAuthRefusal('unauthorized_client', {
      description: 'A public client may not use the password grant',
      reason: 'grant_disabled',
    });
  }
};

const askedScope: TokenCheck = (context) => {
  context.scope = grantScope(settled(context.parameters, 'parameters').get('scope'), settled(context.client, 'client').scopes);
};

const signUserIn: TokenCheck = async (context) => {
  const parameters = settled(context.parameters, 'parameters');
  const { people } = context.parts;
  const outcome = await people.signIn({
    userName: required(parameters, 'username'),
    password: required(parameters, 'password'),
    transactionId: context.request.transactionId,
    remoteAddress: context.request.remoteAddress,
  });
  if ('reason' in outcome) throw badGrant(outcome.reason, 'the user could not be signed in', outcome.userSysId);
  const why = await people.whyNoSession(outcome.person);
  if (why !== undefined) throw badGrant(why, `user ${outcome.person.caller.userName}`, outcome.person.caller.userSysId);
  context.person = outcome.person;
};

export const password: Grant = {
  grantType: 'password',
  givesRefresh: true,
  checks: [passwordGrantIsOn, clientIsConfidential, askedScope, signUserIn],
};
