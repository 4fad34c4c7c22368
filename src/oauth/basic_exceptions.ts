// The people whom the restriction of Basic is about: who they are, how often they come, and what was decided of each.
// Must not decide whether a call is let in: basic_gate.ts does.
import { makeBoundedMap } from '../kit/bounded_map.ts';
import { type Clock, wireMoment } from '../kit/clock.ts';
import { systemCaller } from '../records/caller.ts';
import type { Records, Row } from '../records/records.ts';
import { isDuplicate } from './is_duplicate.ts';

export interface BasicExceptions {
  /** Counts the call, and answers what was decided: default, maintain, revoke or convert. */
  seen(user: Row): Promise<string>;
}

const table = 'basic_auth_exception';
/** Calls are counted in memory and written this often. */
const writtenEveryMs = 60_000;

export const makeBasicExceptions = ({ records, clock }: { records: Records; clock: Clock }): BasicExceptions => {
  const counts = makeBoundedMap<string, { calls: number; dueMs: number }>(10_000);

  const write = (user: Row, calls: number): Promise<void> =>
    records.write(async (transaction) => {
      const within = records.within(transaction);
      const [row] = await within.findBy(table, { user: user.sys_id ?? '' }, { limit: 1, forUpdate: true });
      const values = { usage_count: String(Number(row?.usage_count || 0) + calls), last_seen: wireMoment(clock.now()) };
      if (row) return void (await within.update(systemCaller, table, row.sys_id ?? '', values));
      const { sys_id: sysId = '', department = '', manager = '' } = user;
      await within.insert(systemCaller, table, { ...values, user: sysId, department, manager });
    });

  return {
    async seen(user) {
      const sysId = user.sys_id ?? '';
      const now = clock.now();
      const { calls, dueMs } = counts.get(sysId) ?? { calls: 0, dueMs: now };
      const isDue = now >= dueMs;
      counts.set(sysId, isDue ? { calls: 0, dueMs: now + writtenEveryMs } : { calls: calls + 1, dueMs });
      if (isDue) {
        await write(user, calls + 1).catch((error: unknown) => {
          // Another process has made the row between our look and our insert.
          if (!isDuplicate(error)) throw error;
          return write(user, calls + 1);
        });
      }
      return (await records.findBy(table, { user: sysId }, { limit: 1 }))[0]?.decision || 'default';
    },
  };
};
