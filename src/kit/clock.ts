// Time as an argument. Nothing else in src/ may read the system's clock or set a timer.

export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Runs `work` once after `delayMs`; the answer cancels it. Does not keep the process alive. */
  after(delayMs: number, work: () => void): () => void;
}

export const systemClock: Clock = {
  now: () => Date.now(),
  after(delayMs, work) {
    const timer = setTimeout(work, Math.min(delayMs, 2_147_483_647));
    timer.unref();
    return () => clearTimeout(timer);
  },
};

/** Resolves after `delayMs`. */
export const sleep = (clock: Pick<Clock, 'after'>, delayMs: number): Promise<void> =>
  new Promise((resolve) => void clock.after(delayMs, resolve));

export interface ManualClock extends Clock {
  /** Moves time on and runs what falls due, in order of due time. */
  advance(byMs: number): void;
}

/** A clock that moves only when told to. For tests and for rehearsals. */
export const makeManualClock = (startMs: number): ManualClock => {
  let nowMs = startMs;
  const waiting = new Set<{ atMs: number; work: () => void }>();
  return {
    now: () => nowMs,
    after(delayMs, work) {
      const entry = { atMs: nowMs + delayMs, work };
      waiting.add(entry);
      return () => void waiting.delete(entry);
    },
    advance(byMs) {
      const untilMs = nowMs + byMs;
      for (;;) {
        const next = [...waiting].filter((entry) => entry.atMs <= untilMs).sort((a, b) => a.atMs - b.atMs)[0];
        if (!next) break;
        waiting.delete(next);
        nowMs = next.atMs;
        next.work();
      }
      nowMs = untilMs;
    },
  };
};

/** `YYYY-MM-DD HH:MM:SS` in UTC: the form in which every moment is stored and sent. */
export const wireMoment = (atMs: number): string => new Date(atMs).toISOString().slice(0, 19).replace('T', ' ');

/** Milliseconds of a stored moment; NaN when it is not one. */
export const readWireMoment = (text: string): number =>
  /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/.test(text) ? Date.parse(`${text.replace(' ', 'T')}Z`) : Number.NaN;
