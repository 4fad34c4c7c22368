// How much of a limit is used, shared by all processes: calls are taken out of the row in portions of a hundredth of the limit, so
// that most calls cost no write. Never lets more through than the limit; what a process took and did not use is lost with it.
import type { Store, TableShape, Transaction } from '../../store/store.ts';

export const rateCountTable: TableShape = {
  name: 'causeway_rate_count',
  columns: [
    { name: 'rule', type: 'text', notNull: true },
    { name: 'user_id', type: 'text', notNull: true },
    { name: 'window_at', type: 'integer', notNull: true },
    { name: 'taken', type: 'integer', notNull: true },
  ],
  primaryKey: ['rule', 'user_id', 'window_at'],
  indexes: [{ name: 'i_causeway_rate_count_window', columns: ['window_at'] }],
};

export interface Share {
  rule: string;
  user: string;
  /** Start of the hour, in Unix seconds. */
  windowAt: number;
  limit: number;
}

const portionOf = (limit: number): number => Math.max(1, Math.floor(limit / 100));

/** How many calls may be made before asking again; 0 when the limit is used up. One transaction. */
export const takePortion = (store: Store, { rule, user, windowAt, limit }: Share): Promise<number> =>
  store.write(async (transaction) => {
    const { dialect } = transaction;
    const counts = dialect.name(rateCountTable.name);
    const key = [rule, user, windowAt];
    const [one, two, three, four] = [1, 2, 3, 4].map((at) => dialect.parameter(at));
    await transaction.run(
      `INSERT INTO ${counts} (rule, user_id, window_at, taken) VALUES (${one}, ${two}, ${three}, 0) ON CONFLICT DO NOTHING`,
      key,
    );
    const where = `WHERE rule = ${one} AND user_id = ${two} AND window_at = ${three}`;
    const lock = dialect.forUpdate === '' ? '' : ` ${dialect.forUpdate}`;
    const [row] = await transaction.read(`SELECT taken FROM ${counts} ${where}${lock}`, key);
    const granted = Math.max(0, Math.min(portionOf(limit), limit - Number(row?.[0] ?? 0)));
    if (granted > 0) await transaction.run(`UPDATE ${counts} SET taken = taken + ${four} ${where}`, [...key, granted]);
    return granted;
  });

export const forgetCounts = (transaction: Transaction, rule: string): Promise<number> =>
  transaction.run(
    `DELETE FROM ${transaction.dialect.name(rateCountTable.name)} WHERE rule = ${transaction.dialect.parameter(1)}`,
    [rule],
  );

export const forgetWindowsBefore = (transaction: Transaction, windowAt: number): Promise<number> =>
  transaction.run(
    `DELETE FROM ${transaction.dialect.name(rateCountTable.name)} WHERE window_at < ${transaction.dialect.parameter(1)}`,
    [windowAt],
  );
