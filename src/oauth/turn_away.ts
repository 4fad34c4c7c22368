// A call of the token endpoint that is not even read: the wrong method, or a body far too large. It leaves a row and a line like every other.
import { type Answer, refusalAnswer } from './answer.ts';
import { malformed, OAuthRefusal } from './oauth_refusal.ts';
import type { OAuthProperties } from './properties.ts';
import type { ReportRefusal } from './report_refusal.ts';

export type TurnedAway = 'method' | 'size';

export interface TurnAwayRequest {
  readonly method: string;
  readonly remoteAddress: string;
  readonly transactionId: string;
}

export const makeTurnAway =
  ({ properties, report }: { properties: OAuthProperties; report: ReportRefusal }) =>
  async (why: TurnedAway, { method, remoteAddress, transactionId }: TurnAwayRequest): Promise<Answer> => {
    const refusal =
      why === 'size'
        ? malformed('The request is too large')
        : new OAuthRefusal('invalid_request', {
            description: 'Method not allowed',
            reason: 'request_malformed',
            detail: `method ${method.slice(0, 20)}, expected POST`,
            isPlain: true,
            status: 405,
          });
    const leg = why === 'size' ? 'token:readRequest' : 'token:method';
    report({
      refusal,
      leg,
      about: 'no grant',
      path: '/oauth_token.do',
      clientSysId: '',
      userSysId: '',
      remoteAddress,
      transactionId,
    });
    return refusalAnswer(refusal, await properties.answerMode(), false);
  };
