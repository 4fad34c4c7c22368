// Grant `urn:ietf:params:oauth:grant-type:jwt-bearer` (RFC 7523 §2.1): the client swaps a JWT that it signed for a token of the user in it.
// No refresh token: the client can sign another. Never for an admin, nor for whoever is as good as one: a signing key must not be a way to
// everything.
import { guardedNames } from '../../records/rules/guarded_roles.ts';
import { clientIdWithin } from '../assertions.ts';
import { type Check, settled } from '../flow.ts';
import { badGrant, OAuthRefusal } from '../oauth_refusal.ts';
import { required } from '../parameters.ts';
import { grantScope } from '../scope.ts';
import type { Grant, TokenContext } from '../token_context.ts';

const takeAssertion: Check<TokenContext> = async (context) => {
  const { assertions, people } = context.parts;
  const client = settled(context.client, 'client');
  const parameters = settled(context.parameters, 'parameters');
  context.scope = grantScope(parameters.get('scope'), client.scopes);
  const proven = await assertions.prove(required(parameters, 'assertion'), client);
  const [person, ...others] = await people.byField(proven.userField, proven.subject);
  if (person === undefined) throw badGrant('user_not_found', `no user has the subject of the assertion as ${proven.userField}`);
  if (others.length > 0)
    throw badGrant('user_ambiguous', `several users have the subject of the assertion as ${proven.userField}`);
  if ([...guardedNames].some((name) => person.caller.roles.has(name))) {
    throw new OAuthRefusal('invalid_grant', {
      description: 'Grant access to admin is not allowed',
      reason: 'admin_refused',
      status: 401,
      isPlain: true,
      user: person.caller.userSysId,
    });
  }
  // Last, so that a refusal for another reason does not use the assertion up.
  await proven.spend();
  context.person = person;
};

export const jwtBearer: Grant = {
  grantType: 'urn:ietf:params:oauth:grant-type:jwt-bearer',
  givesRefresh: false,
  checks: [takeAssertion],
  clientIdOf: (parameters) => {
    const assertion = parameters.get('assertion');
    return assertion === undefined ? undefined : clientIdWithin(assertion);
  },
};
