// What is written when an OAuth endpoint says no: the original's log line and one row of the refusal table. Never a secret or a token.
// Must not be able to fail a request: a refusal that cannot be written is still a refusal.
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

export type ReportRefusal = (report: RefusalReport) => Promise<void>;

/** One row; instance.ts gives the writer that identity/ uses too. */
export type WriteRefusal = (row: {
  reason: string;
  transactionId: string;
  path: string;
  scheme: string;
  entity: string;
  user: string;
  leg: string;
  detail: string;
  remoteAddress: string;
}) => Promise<void>;

/** The words after "Exception on token flow - " that support people know. */
const exceptionText = (refusal: OAuthRefusal): string => {
  if (refusal.error === 'invalid_client') return refusal.reason === 'client_bad_secret' ? 'client_secret' : 'client_id';
  if (refusal.error === 'invalid_scope') return `invalid_scope: ${refusal.description}`;
  if (/^(token|refresh|code)_/.test(refusal.reason)) return 'invalid_token: The provided OAuth token is not valid';
  return `${refusal.error}: ${refusal.description}`;
};

export const makeReportRefusal =
  ({ log, write }: { log: LocalhostLog; write: WriteRefusal }): ReportRefusal =>
  async (report) => {
    const { refusal } = report;
    const lines = log.of(report.transactionId);
    lines.severe(`Exception on token flow - ${exceptionText(refusal)}`);
    const detail = [report.about, refusal.description, refusal.detail].filter(Boolean).join('; ');
    try {
      await write({
        reason: refusal.reason,
        transactionId: report.transactionId,
        path: report.path,
        scheme: 'oauth',
        entity: report.clientSysId,
        user: report.userSysId,
        leg: report.leg,
        detail,
        remoteAddress: report.remoteAddress,
      });
    } catch (error) {
      lines.severe(
        `The refusal ${refusal.reason} could not be written down: ${error instanceof Error ? error.message : 'unknown'}`,
      );
    }
  };
