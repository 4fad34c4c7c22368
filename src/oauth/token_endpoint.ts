// The token endpoint: its list of checks, and what is written down when one of them refuses.
// Must not know HTTP beyond status, headers and body of the answer.
import { isFault } from '../kit/fault.ts';
import { type Answer, refusalAnswer, tokenAnswer } from './answer.ts';
import { type Check, runFlow, settled } from './flow.ts';
import { OAuthRefusal } from './oauth_refusal.ts';
import { required } from './parameters.ts';
import type { ReportRefusal } from './report_refusal.ts';
import {
  findClient,
  findGrant,
  grantIsAllowed,
  noteFailedGrant,
  noteSuccess,
  readClientCredentials,
  readRequest,
  subsystemIsActive,
  throttleGuessing,
  verifySecret,
} from './token_checks.ts';
import type { TokenContext, TokenParts, TokenRequest } from './token_context.ts';

type TokenCheck = Check<TokenContext>;

const runGrant: TokenCheck = async (context) => {
  for (const check of settled(context.grant, 'grant').checks) {
    context.leg = check.name;
    await check(context);
  }
};

/** The user's state is asked last, whatever the grant: an account that was locked a second ago gets nothing. */
const personMayHaveToken: TokenCheck = async ({ parts, person }) => {
  const who = settled(person, 'person');
  const why = await parts.people.whyNoToken(who);
  if (why === undefined) return;
  throw new OAuthRefusal('invalid_grant', {
    description: 'The user may not have a token',
    reason: why,
    detail: `user ${who.caller.userName}`,
    user: who.caller.userSysId,
  });
};

const issueTokens: TokenCheck = async (context) => {
  const client = settled(context.client, 'client');
  const person = settled(context.person, 'person');
  const scope = settled(context.scope, 'scope');
  const grant = settled(context.grant, 'grant');
  const subject = person.row[client.subjectField] || person.caller.userSysId;
  context.issued =
    context.presented === undefined
      ? await context.parts.issue({
          client,
          userSysId: person.caller.userSysId,
          subject,
          scope,
          grantType: grant.grantType,
          withRefresh: grant.givesRefresh,
          ...context.code,
        })
      : await context.parts.refresh({
          client,
          presented: context.presented,
          token: required(settled(context.parameters, 'parameters'), 'refresh_token'),
          subject,
          scope,
          rotates: client.isPublic && (await context.parts.properties.rotatesPublicRefreshTokens()),
        });
};

const checks: readonly TokenCheck[] = [
  subsystemIsActive,
  readRequest,
  findGrant,
  readClientCredentials,
  throttleGuessing,
  findClient,
  verifySecret,
  grantIsAllowed,
  runGrant,
  personMayHaveToken,
  issueTokens,
  noteSuccess,
];

/** What the instance itself lacks just now is a refusal too, with its cause for the operator; a bug is thrown. */
const refusalOf = (error: unknown): OAuthRefusal => {
  if (error instanceof OAuthRefusal) return error;
  if (!isFault(error) || (error.kind !== 'unavailable' && error.kind !== 'timeout')) throw error;
  return new OAuthRefusal('temporarily_unavailable', {
    description: 'The instance cannot answer just now',
    reason: 'unavailable',
    detail: [error.code, error.message, error.detail].filter(Boolean).join(': '),
    isPlain: true,
    ...(error.retryAfterSeconds === undefined ? {} : { retryAfterSeconds: error.retryAfterSeconds }),
  });
};

/** Every refusal leaves a row and a log line before it is answered; anything that is no refusal is a bug and is thrown. */
export const makeTokenEndpoint =
  ({ parts, report }: { parts: TokenParts; report: ReportRefusal }) =>
  async (request: TokenRequest): Promise<Answer> => {
    const context: TokenContext = { parts, request };
    const outcome = await runFlow(checks, context);
    if (outcome.ok) return tokenAnswer(settled(context.issued, 'issued'));
    const refusal = refusalOf(outcome.error);
    if (outcome.error === refusal && outcome.leg === runGrant.name) noteFailedGrant(context);
    report({
      refusal,
      leg: `token:${outcome.leg === runGrant.name ? (context.leg ?? outcome.leg) : outcome.leg}`,
      about: context.grant === undefined ? 'no grant' : `grant ${context.grant.grantType}`,
      path: '/oauth_token.do',
      clientSysId: context.client?.sysId ?? '',
      userSysId: refusal.user || (context.person?.caller.userSysId ?? ''),
      remoteAddress: request.remoteAddress,
      transactionId: request.transactionId,
    });
    const isBasic = context.credentials?.isBasic ?? request.authorization !== undefined;
    return refusalAnswer(refusal, await parts.properties.answerMode(), isBasic);
  };
