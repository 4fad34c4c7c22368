// What a transaction remembers on every engine: whether it is still open, whether a statement of it failed, what to do after the commit.

import type { Value } from './store.ts';
import { checkParameters } from './values.ts';

export interface TransactionState {
  /** Runs one statement of the transaction. A failure dooms the transaction: whatever follows fails with the same error. */
  statement<T>(parameters: readonly Value[], run: () => T | Promise<T>): Promise<T>;
  afterCommit(work: () => void): void;
  /** No statement may follow. Throws what doomed the transaction, also when the work swallowed it. */
  finish(): void;
  close(): void;
  committed(): void;
}

/**
 * PostgreSQL refuses everything after a failed statement, SQLite would go on. Rooms must not come to depend on either, so both refuse.
 */
export const makeTransactionState = (): TransactionState => {
  let isOpen = true;
  let doom: { error: unknown } | undefined;
  const works: (() => void)[] = [];
  return {
    async statement(parameters, run) {
      if (!isOpen) throw new Error('the transaction is over: its work did not wait for this statement');
      if (doom) throw doom.error;
      try {
        checkParameters(parameters);
        return await run();
      } catch (error) {
        doom ??= { error };
        throw error;
      }
    },
    afterCommit: (work) => void works.push(work),
    finish() {
      isOpen = false;
      if (doom) throw doom.error;
    },
    close() {
      isOpen = false;
    },
    committed() {
      for (const work of works) work();
    },
  };
};
