// A write inside a write would wait for itself for ever on SQLite, and take a second connection on PostgreSQL. Both refuse it, loudly.
import { AsyncLocalStorage } from 'node:async_hooks';
import type { Store } from './store.ts';

/** The same store; a `write` called by the work of another one rejects at once. It is a bug, so no Fault. */
export const refuseNestedWrites = (store: Store): Store => {
  const outer = new AsyncLocalStorage<{ isOpen: boolean }>();
  return {
    ...store,
    write: async (work, options) => {
      if (outer.getStore()?.isOpen)
        throw new Error('a write was begun inside the work of another: pass the transaction on instead');
      return store.write((transaction) => {
        // A timer set during the work may write later: only an open work counts.
        const mark = { isOpen: true };
        return outer.run(mark, async () => {
          try {
            return await work(transaction);
          } finally {
            mark.isOpen = false;
          }
        });
      }, options);
    },
  };
};
