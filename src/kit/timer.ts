// Work that is done again and again, never twice at once.
// It must not let a failure end the series.
import type { Clock } from './clock.ts';

export interface Timer {
  /** No further run starts; resolves when one under way has ended. */
  stop(): Promise<void>;
}

/** The first run comes after one interval; the next interval counts from the end of a run. */
export const every = (clock: Clock, intervalMs: number, work: () => Promise<void>, failed: (error: unknown) => void): Timer => {
  let isStopped = false;
  let running: Promise<void> = Promise.resolve();
  let cancel = () => {};
  const plan = () => {
    cancel = clock.after(intervalMs, () => {
      running = work()
        .catch(failed)
        .then(() => {
          if (!isStopped) plan();
        });
    });
  };
  plan();
  return {
    async stop() {
      isStopped = true;
      cancel();
      await running;
    },
  };
};
