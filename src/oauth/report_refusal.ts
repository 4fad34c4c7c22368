// What is written when an OAuth endpoint says no: the original's log line and one row of the refusal table. Never a secret or a token.
// Must not hold up the answer.
import type { Refusals } from '../identity/refusals.ts';
import type { LocalhostLog } from '../kit/localhost_log.ts';
import type { OAuthRefusal } from './oauth_refusal.ts';

export interface RefusalReport {
  refusal: OAuthRefusal;
  /** `token:<check>`: where in which endpoint. */
  leg: string;
  path: string;
  clientSysId: string;
  userSysId: string;
  remoteAddress: string;
  transactionId: string;
  /** Grant type and whatever else an operator may want to know. */
  about?: string;
}

export type ReportRefusal = (report: RefusalReport) => void;

/** The words after "Exception on token flow - " that support people know. */
const exceptionText = (refusal: OAuthRefusal): string => {
  if (refusal.error === 'invalid_client') return refusal.reason === 'client_bad_secret' ? 'client_secret' : 'client_id';
  if (refusal.error === 'invalid_scope') return `invalid_scope: ${refusal.description}`;
  if (/^(token|refresh|code)_/.test(refusal.reason)) return 'invalid_token: The provided OAuth token is not valid';
  return `${refusal.error}: ${refusal.description}`;
};

export const makeReportRefusal =
  ({ log, refusals }: { log: LocalhostLog; refusals: Pick<Refusals, 'note'> }): ReportRefusal =>
  (report) => {
    const { refusal } = report;
    log.of(report.transactionId).severe(`Exception on token flow - ${exceptionText(refusal)}`);
    refusals.note({
      reason: refusal.reason,
      leg: report.leg,
      transactionId: report.transactionId,
      path: report.path,
      scheme: 'oauth',
      entity: report.clientSysId,
      userSysId: report.userSysId,
      detail: [report.about, refusal.description, refusal.detail].filter(Boolean).join('; '),
      remoteAddress: report.remoteAddress,
    });
  };
