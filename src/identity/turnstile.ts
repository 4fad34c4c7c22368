// Lets a few through at a time, and one at a time per name: password hashing is made to be dear, and guesses must not race the lock.
// Must not let the queue grow without bound: who finds it full is told to come again.
import { Fault } from '../kit/fault.ts';

export type Turnstile = <T>(name: string, work: () => Promise<T>) => Promise<T>;

/** Throws Fault `identity.busy` (rate_limited) when `queueLimit` are waiting. */
export const makeTurnstile = (limits: { abreast: number; queueLimit: number }): Turnstile => {
  const waiting: { name: string; go: () => void }[] = [];
  const inside = new Set<string>();

  const admit = (): void => {
    while (inside.size < limits.abreast) {
      const at = waiting.findIndex(({ name }) => !inside.has(name));
      if (at < 0) return;
      const [next] = waiting.splice(at, 1);
      if (!next) return;
      inside.add(next.name);
      next.go();
    }
  };

  return async (name, work) => {
    if (waiting.length >= limits.queueLimit) {
      throw new Fault('rate_limited', 'identity.busy', 'Too many sign-ins are being checked', { retryAfterSeconds: 1 });
    }
    await new Promise<void>((resolve) => {
      waiting.push({ name, go: resolve });
      admit();
    });
    try {
      return await work();
    } finally {
      inside.delete(name);
      admit();
    }
  };
};
