// Logs that grow by themselves, kept as long as the settings say. Removes by portions, so that nobody waits behind a purge.
import { type Clock, wireMoment } from '../kit/clock.ts';
import type { Store } from '../store/store.ts';
import { forgetWindowsBefore } from './limits/rate_counts.ts';
import type { Properties } from './properties.ts';

interface Kept {
  readonly table: string;
  readonly property: string;
  readonly days: number;
}

/** Days when the property says nothing; 0 keeps everything. */
export const keptLogs: readonly Kept[] = [
  { table: 'syslog_transaction', property: 'causeway.retention.syslog_transaction_days', days: 7 },
  { table: 'sys_audit', property: 'causeway.retention.sys_audit_days', days: 365 },
];

const rowsAtOnce = 2000;
const dayMs = 86_400_000;

export interface RetentionParts {
  store: Store;
  clock: Clock;
  properties: Properties;
}

const removeBefore = async ({ store }: RetentionParts, table: string, moment: string): Promise<void> => {
  const { dialect } = store;
  const [name, createdOn] = [dialect.name(table), dialect.name('sys_created_on')];
  const oldest = `SELECT sys_id FROM ${name} WHERE ${createdOn} < ${dialect.parameter(1)} ORDER BY ${createdOn} LIMIT ${rowsAtOnce}`;
  for (let removed = rowsAtOnce; removed === rowsAtOnce; ) {
    removed = await store.write((transaction) => transaction.run(`DELETE FROM ${name} WHERE sys_id IN (${oldest})`, [moment]));
  }
};

/** Safe to run at the same time in several processes. */
export const purgeLogs = async (parts: RetentionParts): Promise<void> => {
  const nowMs = parts.clock.now();
  for (const { table, property, days: fallback } of keptLogs) {
    const days = await parts.properties.number(property, fallback);
    if (days > 0) await removeBefore(parts, table, wireMoment(nowMs - Math.min(days, 36_500) * dayMs));
  }
  await parts.store.write((transaction) => forgetWindowsBefore(transaction, Math.floor(nowMs / 1000) - 7200));
};
