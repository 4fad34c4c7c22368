// Token introspection (RFC 7662): off unless switched on, for the client that owns the token, or for a client that may see all (an OAuth
// admin as its application user). Whoever may not see a token hears what an unknown token would give.

import { sha256Hex } from '../kit/fingerprint.ts';
import { type Answer, jsonAnswer, refusalAnswer } from './answer.ts';
import { isLive } from './credential.ts';
import { type Check, runFlow, settled } from './flow.ts';
import { OAuthRefusal } from './oauth_refusal.ts';
import { required } from './parameters.ts';
import type { ReportRefusal } from './report_refusal.ts';
import {
  findClient,
  readClientCredentials,
  readRequest,
  subsystemIsActive,
  throttleGuessing,
  verifySecret,
} from './token_checks.ts';
import type { TokenContext, TokenParts, TokenRequest } from './token_context.ts';

type TokenCheck = Check<TokenContext>;

const introspectionIsOn: TokenCheck = async ({ parts }) => {
  if (!(await parts.properties.isIntrospectionEnabled())) {
    throw new OAuthRefusal('access_denied', {
      description: 'Token introspection is turned off',
      reason: 'grant_disabled',
      detail: 'causeway.oauth.introspection.enabled is not true',
      status: 404,
      isPlain: true,
    });
  }
};

// What findGrant does for the token endpoint: nothing here may be read from an assertion.
const noGrant: TokenCheck = (context) => {
  context.grant = { grantType: 'introspection', givesRefresh: false, checks: [] };
};

const clientIsConfidential: TokenCheck = ({ client }) => {
  if (settled(client, 'client').isPublic) {
    throw new OAuthRefusal('invalid_client', {
      description: 'Client authentication failed',
      reason: 'client_bad_secret',
      isPlain: true,
    });
  }
};

const checks: readonly TokenCheck[] = [
  subsystemIsActive,
  introspectionIsOn,
  readRequest,
  noGrant,
  readClientCredentials,
  throttleGuessing,
  findClient,
  verifySecret,
  clientIsConfidential,
];

const describe = async (context: TokenContext, issuer: string): Promise<Record<string, unknown>> => {
  const { parts } = context;
  const client = settled(context.client, 'client');
  const credential = await parts.findToken.byHash(sha256Hex(required(settled(context.parameters, 'parameters'), 'token')));
  if (credential === undefined || !isLive(credential, parts.clock)) return { active: false };
  const seer = credential.clientSysId === client.sysId ? undefined : await parts.people.bySysId(client.applicationUser);
  const maySee =
    credential.clientSysId === client.sysId || seer?.caller.roles.has('oauth_admin') || seer?.caller.roles.has('admin');
  const owner = await parts.clients.bySysId(credential.clientSysId);
  const person = await parts.people.bySysId(credential.userSysId);
  if (!maySee || !owner?.isActive || person === undefined || (await parts.people.whyNoToken(person)) !== undefined)
    return { active: false };
  return {
    active: true,
    scope: credential.scope.text,
    client_id: owner.clientId,
    username: person.caller.userName,
    sub: (credential.format === 'jwt' && person.row[owner.subjectField]) || person.caller.userSysId,
    token_type: credential.kind === 'access' ? 'Bearer' : 'refresh_token',
    exp: Math.floor(credential.expiresMs / 1000),
    iat: Math.floor(Date.parse(`${credential.createdAt.replace(' ', 'T')}Z`) / 1000),
    iss: issuer,
  };
};

export const makeIntrospection =
  ({ parts, report, issuer }: { parts: TokenParts; report: ReportRefusal; issuer: () => string }) =>
  async (request: TokenRequest): Promise<Answer> => {
    const context: TokenContext = { parts, request };
    let answer: Answer | undefined;
    const sayIt: TokenCheck = async () => {
      answer = jsonAnswer(200, await describe(context, issuer()));
    };
    const outcome = await runFlow([...checks, sayIt], context);
    if (outcome.ok) return settled(answer, 'answer');
    if (!(outcome.error instanceof OAuthRefusal)) throw outcome.error;
    report({
      refusal: outcome.error,
      leg: `introspect:${outcome.leg}`,
      path: '/oauth_introspect.do',
      clientSysId: context.client?.sysId ?? '',
      userSysId: '',
      remoteAddress: request.remoteAddress,
      transactionId: request.transactionId,
    });
    return refusalAnswer(outcome.error, await parts.properties.answerMode(), context.credentials?.isBasic ?? false);
  };
