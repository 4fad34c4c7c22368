// Rows of logs, many in one statement: no rights, no rules, no audit. For tables that only the program writes.
import type { Transaction, Value } from '../store/store.ts';

/** PostgreSQL and SQLite both take more; a longer statement is no faster. */
const parametersPerStatement = 3000;

export const writeRows = async (
  transaction: Transaction,
  table: string,
  columns: readonly string[],
  rows: readonly (readonly Value[])[],
): Promise<void> => {
  const { dialect } = transaction;
  const into = `INSERT INTO ${dialect.name(table)} (${columns.map((column) => dialect.name(column)).join(', ')}) VALUES `;
  const rowsAtOnce = Math.max(1, Math.floor(parametersPerStatement / columns.length));
  for (let at = 0; at < rows.length; at += rowsAtOnce) {
    const some = rows.slice(at, at + rowsAtOnce);
    const tuples = some.map(
      (_, row) => `(${columns.map((_name, n) => dialect.parameter(row * columns.length + n + 1)).join(', ')})`,
    );
    await transaction.run(into + tuples.join(', '), some.flat());
  }
};
