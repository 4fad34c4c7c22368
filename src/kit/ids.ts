// Identifiers. sys_ids grow with time (48 bits of milliseconds, 80 random bits) so that inserts land at one end of every index, and those of
// one process grow within a millisecond too, so that what was written first is listed first.
// A sys_id is no secret; whatever must not be guessed comes from randomToken.
import { randomBytes } from 'node:crypto';
import type { Clock } from './clock.ts';

export interface Ids {
  /** 32 lower-case hex digits, unique, growing from call to call (but where the clock is set back by seconds). */
  sysId(): string;
  /** Unguessable, base64url, `byteCount` random bytes. */
  randomToken(byteCount: number): string;
  /** Lower-case hex, `digitCount` digits, unguessable. */
  randomHex(digitCount: number): string;
}

const blockBytes = 2000;
/** A clock that is set back by no more than this is waited for. */
const setBackMs = 5_000;
/** The last eight digits count on within a millisecond, by steps that others do not guess by chance. */
const lastCount = 0xffff_ffff;

export const makeIds = (clock: Clock, random: (byteCount: number) => Buffer = randomBytes): Ids => {
  // Random bytes are drawn in blocks: one system call for 200 sys_ids instead of one each.
  let pool: Buffer = Buffer.alloc(0);
  let used = 0;
  /** Where the next so many bytes of the pool begin. */
  const draw = (byteCount: number): number => {
    if (used + byteCount > pool.length) {
      pool = random(Math.max(blockBytes, byteCount));
      used = 0;
    }
    used += byteCount;
    return used - byteCount;
  };
  let [atMs, head, count] = [0, '', 0];
  const begin = (ms: number): void => {
    const from = draw(10);
    atMs = ms;
    head = ms.toString(16).padStart(12, '0') + pool.toString('hex', from, from + 6);
    // The upper half is left for counting.
    count = pool.readUInt32BE(from + 6) >>> 1;
  };
  return {
    sysId() {
      const now = clock.now();
      const isLater = now > atMs || now < atMs - setBackMs;
      if (isLater) begin(now);
      else {
        const from = draw(2);
        count += 1 + pool.readUInt16BE(from);
        if (count > lastCount) begin(atMs + 1);
      }
      return head + count.toString(16).padStart(8, '0');
    },
    randomToken: (byteCount) => random(byteCount).toString('base64url'),
    randomHex(digitCount) {
      const byteCount = Math.ceil(digitCount / 2);
      const from = draw(byteCount);
      const hex = pool.toString('hex', from, from + byteCount);
      return hex.length === digitCount ? hex : hex.slice(0, digitCount);
    },
  };
};
