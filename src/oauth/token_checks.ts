// The checks that every request to the token endpoint passes, whatever its grant. Each is one step and throws OAuthRefusal to refuse.
// Must not answer: token_endpoint.ts does.
import { clientMayUse } from './client.ts';
import { type Check, settled } from './flow.ts';
import { grants } from './grants/index.ts';
import { badClient, malformed, OAuthRefusal } from './oauth_refusal.ts';
import { readFormRequest, required } from './parameters.ts';
import type { ClientCredentials, TokenContext } from './token_context.ts';

type TokenCheck = Check<TokenContext>;

export const subsystemIsActive: TokenCheck = async ({ parts }) => {
  if (!(await parts.properties.isActive())) {
    throw new OAuthRefusal('temporarily_unavailable', { description: 'OAuth is switched off', reason: 'oauth_inactive' });
  }
};

export const readRequest: TokenCheck = async (context) => {
  context.parameters = readFormRequest(context.request, await context.parts.properties.isBodyOnly());
};

export const findGrant: TokenCheck = (context) => {
  const grantType = required(settled(context.parameters, 'parameters'), 'grant_type');
  context.grant = grants.get(grantType);
  if (context.grant === undefined) {
    throw new OAuthRefusal('unsupported_grant_type', {
      description: 'The grant type is not supported',
      reason: 'grant_unsupported',
      isPlain: true,
    });
  }
};

// RFC 6749 §2.3.1 wants both halves form-encoded; clients that send them raw are taken at their word.
const decoded = (text: string): string => {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    return text;
  }
};

const readBasic = (authorization: string | undefined): ClientCredentials | undefined => {
  const [, base64] = /^basic +([A-Za-z0-9+/_-]+={0,2})$/i.exec(authorization?.trim() ?? '') ?? [];
  if (base64 === undefined) return undefined;
  const text = Buffer.from(base64, 'base64').toString('utf8');
  const colon = text.indexOf(':');
  if (colon < 1) throw badClient('malformed_credential', 'the Basic credential has no client id before a colon');
  return { clientId: decoded(text.slice(0, colon)), secret: decoded(text.slice(colon + 1)), isBasic: true };
};

/** Header or body, never both (RFC 6749 §2.3); the id alone may stand in the body beside the header. */
export const readClientCredentials: TokenCheck = (context) => {
  const parameters = settled(context.parameters, 'parameters');
  const basic = readBasic(context.request.authorization);
  const clientId = parameters.get('client_id');
  if (basic !== undefined) {
    if (parameters.has('client_secret')) throw malformed('Client credentials are given in more than one way');
    if (clientId !== undefined && clientId !== basic.clientId) throw malformed('The header and the body name different clients');
    context.credentials = basic;
    return;
  }
  const id = clientId ?? settled(context.grant, 'grant').clientIdOf?.(parameters);
  if (id === undefined) throw badClient('client_unknown', 'the request names no client');
  context.credentials = { clientId: id, secret: parameters.get('client_secret'), isBasic: false };
};

const attemptKey = ({ request, credentials }: TokenContext): string =>
  `${settled(credentials, 'credentials').clientId}\0${request.remoteAddress}`;

/** Too many failures of this client from this address: the answer says so, and nothing is compared. */
export const throttleGuessing: TokenCheck = (context) => {
  const waitSeconds = context.parts.attempts.waitSeconds(attemptKey(context));
  if (waitSeconds > 0) {
    throw new OAuthRefusal('temporarily_unavailable', {
      description: 'Too many failed attempts',
      reason: 'client_throttled',
      status: 429,
      isPlain: true,
      retryAfterSeconds: waitSeconds,
    });
  }
};

export const findClient: TokenCheck = async (context) => {
  const { clientId } = settled(context.credentials, 'credentials');
  const client = await context.parts.clients.find(clientId);
  if (client === undefined) {
    context.parts.attempts.failed(attemptKey(context));
    throw badClient('client_unknown', 'no OAuth Client record has this client id');
  }
  context.client = client;
  if (!client.isActive) throw badClient('entity_inactive', `the record ${client.name} is not active`);
};

export const verifySecret: TokenCheck = async (context) => {
  const client = settled(context.client, 'client');
  if (client.isPublic) return;
  const { secret } = settled(context.credentials, 'credentials');
  if (secret === undefined) throw badClient('client_bad_secret', `${client.name} is confidential and sent no secret`);
  if (!(await context.parts.clients.secretFits(client, secret))) {
    context.parts.attempts.failed(attemptKey(context));
    throw badClient('client_bad_secret', `${client.name} sent a secret that is not its own`);
  }
};

export const grantIsAllowed: TokenCheck = ({ client, grant }) => {
  const { grantType } = settled(grant, 'grant');
  if (!clientMayUse(settled(client, 'client'), grantType)) {
    throw new OAuthRefusal('unauthorized_client', {
      description: 'This client may not use this grant type',
      reason: 'grant_disabled',
      detail: `inbound_grant_type of the record is ${client?.inboundGrant}`,
    });
  }
};

/**
 * Guessing at codes, refresh tokens and assertions is counted like guessing at secrets. A client with the right secret and no user is a
 * setting that is wrong: once it is mended the client must not have to wait.
 */
export const noteFailedGrant = (context: TokenContext): void => {
  if (context.credentials !== undefined && !context.grant?.isBySecretAlone) context.parts.attempts.failed(attemptKey(context));
};

export const noteSuccess: TokenCheck = (context) => context.parts.attempts.succeeded(attemptKey(context));
