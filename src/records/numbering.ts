// Record numbers: prefix and padded counter of sys_number.
import type { Transaction } from '../store/store.ts';
import type { Table } from './dictionary.ts';

/**
 * The next number of a table, or of the nearest ancestor that has one; '' where none has. Called as late as can be: from here to the
 * commit other inserts of the same table wait on PostgreSQL. A rolled-back insert gives its number back.
 */
export const nextNumber = async (transaction: Transaction, table: Table): Promise<string> => {
  const { dialect } = transaction;
  const numbers = dialect.name('sys_number');
  const [number, category] = [dialect.name('number'), dialect.name('category')];
  for (const level of table.chain.toReversed()) {
    const taken = await transaction.run(
      `UPDATE ${numbers} SET ${number} = COALESCE(${number}, 10001) + 1 WHERE ${category} = ${dialect.parameter(1)}`,
      [level.name],
    );
    if (taken === 0) continue;
    const [row] = await transaction.read(
      `SELECT ${number} - 1, ${dialect.name('prefix')}, ${dialect.name('maximum_digits')} FROM ${numbers} WHERE ${category} = ${dialect.parameter(1)}`,
      [level.name],
    );
    const [next, prefix, digits] = row ?? [];
    return `${prefix ?? ''}${String(next).padStart(Math.min(Number(digits ?? 7), 20), '0')}`;
  }
  return '';
};
