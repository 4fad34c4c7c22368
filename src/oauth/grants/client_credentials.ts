// Grant `client_credentials` (RFC 6749 §4.4): the client acts as its OAuth Application User. No refresh token.
// Must never fall back to another user when none is set.
import { type Check, settled } from '../flow.ts';
import { badGrant, OAuthRefusal } from '../oauth_refusal.ts';
import { grantScope } from '../scope.ts';
import type { Grant, TokenContext } from '../token_context.ts';

type TokenCheck = Check<TokenContext>;
const switchName = 'glide.oauth.inbound.client.credential.grant_type.enabled';

const clientCredentialsAreOn: TokenCheck = async ({ parts }) => {
  if (!(await parts.properties.isClientCredentialsEnabled())) {
    throw new OAuthRefusal('unauthorized_client', {
      description: 'The client credentials grant is turned off',
      reason: 'grant_disabled',
      detail: `${switchName} is not true`,
    });
  }
};

const clientHasSecret: TokenCheck = ({ client }) => {
  if (settled(client, 'client').isPublic) {
    throw new OAuthRefusal('unauthorized_client', {
      description: 'A public client may not use the client credentials grant',
      reason: 'grant_disabled',
    });
  }
};

const askedScope: TokenCheck = (context) => {
  context.scope = grantScope(settled(context.parameters, 'parameters').get('scope'), settled(context.client, 'client').scopes);
};

const findApplicationUser: TokenCheck = async (context) => {
  const client = settled(context.client, 'client');
  if (client.applicationUser === '') {
    throw new OAuthRefusal('unauthorized_client', {
      description: `The integration user is not configured for OAuth:${client.sysId}`,
      reason: 'application_user_missing',
      detail: `the record ${client.name} has no OAuth Application User`,
      isPlain: true,
    });
  }
  context.person = await context.parts.people.bySysId(client.applicationUser);
  if (context.person === undefined)
    throw badGrant('user_not_found', `the OAuth Application User ${client.applicationUser} does not exist`);
};

export const clientCredentials: Grant = {
  grantType: 'client_credentials',
  givesRefresh: false,
  isBySecretAlone: true,
  checks: [clientCredentialsAreOn, clientHasSecret, askedScope, findApplicationUser],
};
