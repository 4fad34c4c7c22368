// Waiting for a swarm: what is about to arrive together is worth one transaction instead of two. Must not make wait what comes alone.
import type { Clock } from '../kit/clock.ts';

export interface Gathering {
  /** Resolved when there is enough, or when the time is over; `limitMs` where it differs from the usual. One at a time. */
  until(isEnough: () => boolean, limitMs?: number): Promise<void>;
  /** Something came: it may be enough now. */
  arrived(): void;
}

export const makeGathering = ({ clock, limitMs }: { clock: Clock; limitMs: number }): Gathering => {
  let look = (): void => {};
  return {
    until: (isEnough, mostMs = limitMs) =>
      new Promise((resolve) => {
        if (isEnough()) return resolve();
        const end = (): void => {
          cancel();
          look = () => {};
          resolve();
        };
        const cancel = clock.after(mostMs, end);
        look = () => {
          if (isEnough()) end();
        };
      }),
    arrived: () => look(),
  };
};
