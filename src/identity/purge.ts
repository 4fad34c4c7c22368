// Removes what has served its time: used token ids whose tokens have expired, and refusals older than their retention.
// Must not take long locks: a few hundred rows per transaction.
import { type Clock, wireMoment } from '../kit/clock.ts';
import { systemCaller } from '../records/caller.ts';
import type { Records } from '../records/records.ts';
import type { Properties } from './parts.ts';

const batch = 500;
const batchesPerRun = 200;
export const refusalDaysProperty = 'causeway.refusal.retention_days';

/** Removes what is due now; answers how many rows of each. Safe to repeat, and to run on several processes. */
export const makePurge = (parts: {
  records: Pick<Records, 'find' | 'write' | 'within'>;
  clock: Clock;
  properties: Properties;
}) => {
  const { records, clock, properties } = parts;

  const purge = async (table: string, field: string, before: string): Promise<number> => {
    let removed = 0;
    for (let run = 0; run < batchesPerRun; run += 1) {
      const rows = await records.find(table, `${field}<${before}`, { limit: batch });
      if (rows.length === 0) break;
      await records.write(async (transaction) => {
        const within = records.within(transaction);
        for (const { sys_id: sysId = '' } of rows) {
          // Another process may have been faster: the row is held, so that it cannot go between the look and the removal.
          const [present] = await within.findBy(table, { sys_id: sysId }, { limit: 1, forUpdate: true });
          if (present) await within.remove(systemCaller, table, sysId);
        }
      });
      removed += rows.length;
    }
    return removed;
  };

  return async (): Promise<{ jtis: number; refusals: number }> => {
    const days = Math.max(1, await properties.number(refusalDaysProperty, 30));
    return {
      jtis: await purge('oauth_jti', 'expires', wireMoment(clock.now())),
      refusals: await purge('causeway_refusal', 'time', wireMoment(clock.now() - days * 86_400_000)),
    };
  };
};
