// Who gets a worker when. Workers are made when they are first needed and replaced when they are gone.
// Fair between lanes, and free of deadlock when a script's call to the host makes another script run.
import type { Clock } from '../kit/clock.ts';
import { Fault } from '../kit/fault.ts';
import type { WorkerLink } from './worker_link.ts';

export interface PoolParts {
  clock: Clock;
  open: () => WorkerLink;
  size: number;
  /** Runs that may wait; one more is refused. */
  maxWaiting: number;
  maxWaitMs: number;
}

export interface Pool {
  /** Throws `scripting.overloaded`. `depth` counts the scripts this one was started from. */
  take(lane: string, depth: number): Promise<WorkerLink>;
  give(link: WorkerLink, lane: string): void;
  close(): Promise<void>;
}

interface Waiting {
  readonly lane: string;
  readonly depth: number;
  readonly start: (link: WorkerLink) => void;
}

export const makePool = ({ clock, open, size, maxWaiting, maxWaitMs }: PoolParts): Pool => {
  const idle: WorkerLink[] = [];
  const busy = new Set<WorkerLink>();
  const waiting = new Set<Waiting>();
  const busyOfLane = new Map<string, number>();
  let isClosed = false;

  const overloaded = (): Fault =>
    new Fault('unavailable', 'scripting.overloaded', 'Too many scripts are running; try again', { retryAfterSeconds: 1 });

  // A script of depth n waits for one of depth n + 1. Each depth adds workers of its own, so the deepest can always go on.
  const mayStart = (lane: string, depth: number): boolean => {
    if (busy.size >= size * (depth + 1)) return false;
    const mostOfLane = Math.max(1, size - 1);
    return depth > 0 || lane === '' || (busyOfLane.get(lane) ?? 0) < mostOfLane;
  };
  const start = (lane: string): WorkerLink => {
    let link = idle.pop();
    while (link && !link.isAlive()) link = idle.pop();
    link ??= open();
    busy.add(link);
    busyOfLane.set(lane, (busyOfLane.get(lane) ?? 0) + 1);
    return link;
  };
  const startWaiting = (): void => {
    for (const one of waiting) {
      if (!mayStart(one.lane, one.depth)) continue;
      waiting.delete(one);
      one.start(start(one.lane));
    }
  };

  return {
    async take(lane, depth) {
      if (isClosed) throw overloaded();
      if (mayStart(lane, depth)) return start(lane);
      if (waiting.size >= maxWaiting) throw overloaded();
      return new Promise<WorkerLink>((resolve, reject) => {
        const one: Waiting = {
          lane,
          depth,
          start(link) {
            stop();
            resolve(link);
          },
        };
        const stop = clock.after(maxWaitMs, () => {
          waiting.delete(one);
          reject(overloaded());
        });
        waiting.add(one);
      });
    },
    give(link, lane) {
      busy.delete(link);
      const left = (busyOfLane.get(lane) ?? 1) - 1;
      if (left > 0) busyOfLane.set(lane, left);
      else busyOfLane.delete(lane);
      // Workers beyond the size were made for nested scripts and are not kept.
      if (!link.isAlive() || isClosed) void link.close();
      else if (idle.length + busy.size < size) idle.push(link);
      else void link.close();
      startWaiting();
    },
    async close() {
      isClosed = true;
      await Promise.all([...idle.splice(0), ...busy].map((link) => link.close()));
    },
  };
};
