// Removes what was finished long ago: processed and skipped messages, and old attempts. Never a message that waits or is in error.
// Rows arrive at one end of the primary key, so the old ones are found without an index on time.
import type { Clock } from '../../kit/clock.ts';
import type { Store } from '../../store/store.ts';

const rowsAtOnce = 1000;
const idAt = (atMs: number): string => Math.max(0, Math.trunc(atMs)).toString(16).padStart(12, '0');

const purgeTable = async (store: Store, table: string, where: string, before: string): Promise<number> => {
  const p = store.dialect.parameter;
  let removed = 0;
  for (;;) {
    const count = await store.write((transaction) =>
      transaction.run(
        `DELETE FROM ${table} WHERE sys_id IN (SELECT sys_id FROM ${table} WHERE sys_id < ${p(1)}${where} ORDER BY sys_id LIMIT ${rowsAtOnce})`,
        [before],
      ),
    );
    removed += count;
    if (count < rowsAtOnce) return removed;
  }
};

/** Answers the number of rows. `ttlMs` 0 keeps everything. */
export const purgeQueue = async ({ store, clock }: { store: Store; clock: Clock }, ttlMs: number): Promise<number> => {
  if (ttlMs === 0) return 0;
  const before = idAt(clock.now() - ttlMs);
  const rows = await purgeTable(store, 'sn_transport_queue', ` AND state IN ('processed', 'skipped')`, before);
  return rows + (await purgeTable(store, 'sn_transport_attempt', '', before));
};
