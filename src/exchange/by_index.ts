// The store as the transport writes to it: the queue may be a thousand times as long as when a plan was made. Knows nothing else.
import type { Store } from '../store/store.ts';

export const byIndex = (store: Store): Store => ({
  ...store,
  write: (work, options) => store.write(work, { prefersIndexes: true, ...options }),
});
