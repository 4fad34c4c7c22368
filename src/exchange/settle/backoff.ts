// When to try again. Pure: the list of waits, the count of failures, a number from 0 to 1.

/** The n-th failure in a row waits as the n-th entry says, the last one for ever; up to a fifth is added, so that lanes spread. */
export const backoffMs = (waitsMs: readonly number[], failures: number, random: number): number => {
  const wait = waitsMs[Math.min(Math.max(failures, 1), waitsMs.length) - 1] ?? 0;
  return Math.round(wait * (1 + random / 5));
};

const [leastRetryAfterMs, mostRetryAfterMs] = [1_000, 3_600_000];

/** `Retry-After` in seconds or as an HTTP date, from 1 second to 1 hour; undefined when it says neither. */
export const readRetryAfter = (text: string | undefined, now: number): number | undefined => {
  if (text === undefined) return undefined;
  const waitMs = /^\s*\d{1,9}\s*$/.test(text) ? Number(text) * 1000 : Date.parse(text) - now;
  return Number.isNaN(waitMs) ? undefined : Math.min(mostRetryAfterMs, Math.max(leastRetryAfterMs, waitMs));
};
