// The one sentence for a query that ran into its limit, whatever engine ran it.
import { Fault } from '../kit/fault.ts';

export const queryCancelled = (cause?: unknown): Fault =>
  new Fault('timeout', 'store.query_cancelled', 'Transaction cancelled: maximum execution time exceeded', { cause });

/** For reads that name no limit of their own. */
export const defaultTimeLimitMs = 300_000;
