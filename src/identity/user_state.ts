// Whether a known user may come in at all (auth.md §7.7). The same for every method; asked on every call, never cached.
import { readWireMoment } from '../kit/clock.ts';
import type { Row } from '../records/records.ts';
import { guestSysId } from '../records/tables/sys_user_rows.ts';
import type { Properties } from './parts.ts';
import { Refusal } from './refusal.ts';

export interface LockSettings {
  /** Minutes after which a lock that wrong passwords set ends by itself; 0: never. */
  unlockMinutes: number;
  nowMs: number;
}

export const readUnlockMinutes = (properties: Properties): Promise<number> =>
  properties.number('glide.user.unlock_timeout_in_mins', 15);

/** A lock by hand (no `locked_at`) does not run out. */
export const isLocked = (user: Row, { unlockMinutes, nowMs }: LockSettings): boolean => {
  if (user.locked_out !== 'true') return false;
  const lockedAtMs = readWireMoment(user.locked_at ?? '');
  return Number.isNaN(lockedAtMs) || unlockMinutes <= 0 || nowMs < lockedAtMs + unlockMinutes * 60_000;
};

/** Throws Refusal `user_inactive` or `user_locked`. */
export const refuseUnfitUser = async (user: Row, parts: { properties: Properties; nowMs: number }): Promise<void> => {
  const { properties, nowMs } = parts;
  const userSysId = user.sys_id ?? '';
  const name = user.user_name ?? '';
  // Whoever proves who he is, is not nobody: a provider whose user calls himself guest gets nothing by it.
  if (userSysId === guestSysId) {
    throw new Refusal('user_inactive', {
      userSysId,
      line: `User is the guest: ${name}`,
      expected: 'a user who signs in',
      got: name,
    });
  }
  if (user.active !== 'true' && (await properties.flag('glide.authenticate.only.allow.active.user.login', true))) {
    throw new Refusal('user_inactive', { userSysId, line: `User is inactive: ${name}`, expected: 'an active user', got: name });
  }
  if (user.locked_out === 'true' && isLocked(user, { unlockMinutes: await readUnlockMinutes(properties), nowMs })) {
    throw new Refusal('user_locked', {
      userSysId,
      line: `User locked out: ${name}`,
      expected: 'a user who is not locked out',
      got: name,
    });
  }
};
