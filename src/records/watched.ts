// A transaction that tells whether anything was changed through it. It must not change what passes.
import type { Transaction } from '../store/store.ts';

export interface Watched {
  readonly transaction: Transaction;
  hasWritten(): boolean;
}

export const watched = (inner: Transaction): Watched => {
  let hasWritten = false;
  return {
    transaction: {
      ...inner,
      // Reads may write as well: INSERT … RETURNING. Only rows that are selected, and nothing else, are certain.
      read(sql, parameters) {
        hasWritten ||= !sql.startsWith('SELECT ');
        return inner.read(sql, parameters);
      },
      run(sql, parameters) {
        hasWritten = true;
        return inner.run(sql, parameters);
      },
      send(sql, parameters) {
        hasWritten = true;
        inner.send(sql, parameters);
      },
      define(tables) {
        hasWritten = true;
        return inner.define(tables);
      },
    },
    hasWritten: () => hasWritten,
  };
};
