// The checks of an authorization request. Until the client and the address are certain the person is shown a page; after that the client is
// told, at that address. Nothing else may ever be redirected to.
import { type Client, clientMayUse } from './client.ts';
import type { Clients } from './clients.ts';
import { type Check, settled } from './flow.ts';
import { badClient, malformed, OAuthRefusal } from './oauth_refusal.ts';
import { type Parameters, readParameters } from './parameters.ts';
import { isChallenge } from './pkce.ts';
import type { OAuthProperties } from './properties.ts';
import { redirectUriMatches } from './redirect_uri.ts';
import { type GrantedScope, grantScope } from './scope.ts';

export interface AuthorizeContext {
  readonly query: string;
  readonly properties: OAuthProperties;
  readonly clients: Clients;
  parameters?: Parameters;
  client?: Client;
  /** Set once it is certain that the client may be answered there. */
  redirectUri?: string;
  wasRedirectSent?: boolean;
  scope?: GrantedScope;
  challenge?: string;
}

type AuthorizeCheck = Check<AuthorizeContext>;

const oauthIsActive: AuthorizeCheck = async ({ properties }) => {
  if (!(await properties.isActive())) {
    throw new OAuthRefusal('temporarily_unavailable', { description: 'OAuth is switched off', reason: 'oauth_inactive' });
  }
};

const readQuery: AuthorizeCheck = (context) => {
  context.parameters = readParameters(context.query);
};

const knownClient: AuthorizeCheck = async (context) => {
  const clientId = settled(context.parameters, 'parameters').get('client_id');
  if (clientId === undefined) throw badClient('client_unknown', 'the request names no client');
  const client = await context.clients.find(clientId);
  if (client === undefined) throw badClient('client_unknown', 'no OAuth Client record has this client id');
  if (!client.isActive) throw badClient('entity_inactive', `the record ${client.name} is not active`);
  context.client = client;
};

const registeredRedirect: AuthorizeCheck = (context) => {
  const client = settled(context.client, 'client');
  const sent = settled(context.parameters, 'parameters').get('redirect_uri');
  const only = client.redirectUris.length === 1 ? client.redirectUris[0] : undefined;
  const uri = sent ?? only;
  if (uri === undefined || !redirectUriMatches(client.redirectUris, uri)) {
    throw new OAuthRefusal('invalid_request', {
      description: 'The redirect address is not registered for this application',
      reason: 'redirect_mismatch',
      detail: `the record ${client.name} has ${client.redirectUris.length} redirect addresses; ${sent === undefined ? 'none was' : 'another was'} sent`,
    });
  }
  context.redirectUri = uri;
  context.wasRedirectSent = sent !== undefined;
};

const codeResponse: AuthorizeCheck = ({ parameters }) => {
  const asked = settled(parameters, 'parameters');
  const type = asked.get('response_type');
  if (type === undefined) throw malformed('Missing response_type parameter in request');
  if (type !== 'code') {
    throw new OAuthRefusal('unsupported_response_type', {
      description: 'Only response_type=code is supported',
      reason: 'response_type_unsupported',
    });
  }
  if ((asked.get('response_mode') ?? 'query') !== 'query') throw malformed('Only response_mode=query is supported');
  if (asked.has('request') || asked.has('request_uri')) throw malformed('Request objects are not supported');
};

const statePresent: AuthorizeCheck = async ({ parameters, properties }) => {
  if ((await properties.isStateRequired()) && !settled(parameters, 'parameters').has('state'))
    throw malformed('Missing State parameter in request');
};

const codeGrantAllowed: AuthorizeCheck = ({ client }) => {
  if (clientMayUse(settled(client, 'client'), 'authorization_code')) return;
  throw new OAuthRefusal('unauthorized_client', {
    description: 'This client may not use this grant type',
    reason: 'grant_disabled',
    detail: `inbound_grant_type of the record is ${client?.inboundGrant}`,
  });
};

const pkceS256: AuthorizeCheck = (context) => {
  const asked = settled(context.parameters, 'parameters');
  const challenge = asked.get('code_challenge');
  const method = asked.get('code_challenge_method');
  if (challenge === undefined) {
    if (method !== undefined) throw malformed('code_challenge_method without code_challenge');
    if (settled(context.client, 'client').isPublic) throw malformed('A public client must send a code_challenge');
    context.challenge = '';
    return;
  }
  // An absent method means `plain` (RFC 7636 §4.3), which is refused like the word itself.
  if (method !== 'S256') throw malformed('The code_challenge_method must be S256');
  if (!isChallenge(challenge)) throw malformed('The code_challenge is not a SHA-256 in base64url');
  context.challenge = challenge;
};

const registeredScope: AuthorizeCheck = (context) => {
  context.scope = grantScope(settled(context.parameters, 'parameters').get('scope'), settled(context.client, 'client').scopes);
};

export const authorizeChecks: readonly AuthorizeCheck[] = [
  oauthIsActive,
  readQuery,
  knownClient,
  registeredRedirect,
  codeResponse,
  statePresent,
  codeGrantAllowed,
  pkceS256,
  registeredScope,
];
