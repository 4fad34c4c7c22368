// Identifiers. sys_ids grow with time (48 bits of milliseconds, 80 random bits) so that inserts land at one end of every index.
// A sys_id is no secret; whatever must not be guessed comes from randomToken.
import { randomBytes } from 'node:crypto';
import type { Clock } from './clock.ts';

export interface Ids {
  /** 32 lower-case hex digits, unique, growing with time. */
  sysId(): string;
  /** Unguessable, base64url, `byteCount` random bytes. */
  randomToken(byteCount: number): string;
  /** Lower-case hex, `digitCount` digits, unguessable. */
  randomHex(digitCount: number): string;
}

const blockBytes = 2000;

export const makeIds = (clock: Clock, random: (byteCount: number) => Buffer = randomBytes): Ids => {
  // Random bytes are drawn in blocks: one system call for 200 sys_ids instead of one each.
  let pool: Buffer = Buffer.alloc(0);
  let used = 0;
  const draw = (byteCount: number): Buffer => {
    if (byteCount > blockBytes) return random(byteCount);
    if (used + byteCount > pool.length) {
      pool = random(blockBytes);
      used = 0;
    }
    used += byteCount;
    return pool.subarray(used - byteCount, used);
  };
  return {
    sysId: () => clock.now().toString(16).padStart(12, '0') + draw(10).toString('hex'),
    randomToken: (byteCount) => random(byteCount).toString('base64url'),
    randomHex: (digitCount) =>
      draw(Math.ceil(digitCount / 2))
        .toString('hex')
        .slice(0, digitCount),
  };
};
