// Slows down guessing at client secrets and codes: counts failures by client and address, within this process, in bounded memory.
// Must not lock a client for everyone: that would hand any stranger a switch to turn integrations off.
import type { Clock } from '../kit/clock.ts';

export interface Attempts {
  /** Seconds to wait when there were too many failures under this key, else 0. */
  waitSeconds(key: string): number;
  failed(key: string): void;
  succeeded(key: string): void;
}

const keyLimit = 10_000;

export const makeAttempts = ({ clock, limit, windowMs }: { clock: Clock; limit: number; windowMs: number }): Attempts => {
  const failures = new Map<string, { count: number; sinceMs: number }>();
  const current = (key: string) => {
    const entry = failures.get(key);
    if (entry && clock.now() - entry.sinceMs >= windowMs) {
      failures.delete(key);
      return undefined;
    }
    return entry;
  };
  return {
    waitSeconds(key) {
      const entry = current(key);
      return entry && entry.count >= limit ? Math.max(1, Math.ceil((entry.sinceMs + windowMs - clock.now()) / 1000)) : 0;
    },
    failed(key) {
      const entry = current(key);
      if (entry) {
        entry.count += 1;
        return;
      }
      // Oldest first: a Map keeps the order of insertion.
      if (failures.size >= keyLimit) failures.delete(failures.keys().next().value as string);
      failures.set(key, { count: 1, sinceMs: clock.now() });
    },
    succeeded: (key) => void failures.delete(key),
  };
};
