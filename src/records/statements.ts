// Statements that change rows, made before it is decided whether anybody waits for their answers.
import type { Transaction, Value } from '../store/store.ts';

export interface Statement {
  readonly sql: string;
  readonly parameters: readonly Value[];
}

/** One after the other. */
export const runAll = async (transaction: Transaction, statements: Iterable<Statement>): Promise<void> => {
  for (const { sql, parameters } of statements) await transaction.run(sql, parameters);
};

/** None is waited for: see Transaction.send. */
export const sendAll = (transaction: Transaction, statements: Iterable<Statement>): void => {
  for (const { sql, parameters } of statements) transaction.send(sql, parameters);
};
