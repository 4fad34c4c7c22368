// Whether a known user may come in at all (auth.md §7.7). The same for every method; asked on every call, never cached.
import { readWireMoment } from '../kit/clock.ts';
import type { Row } from '../records/records.ts';
import type { Properties } from './parts.ts';
import { Refusal } from './refusal.ts';

/** A lock that wrong passwords set (`locked_at` written) ends by itself, unless the property says 0; one that an admin set does not. */
export const isLocked = (user: Row, parts: { properties: Properties; nowMs: number }): boolean => {
  if (user.locked_out !== 'true') return false;
  const lockedAtMs = readWireMoment(user.locked_at ?? '');
  const minutes = parts.properties.number('glide.user.unlock_timeout_in_mins', 15);
  return Number.isNaN(lockedAtMs) || minutes <= 0 || parts.nowMs < lockedAtMs + minutes * 60_000;
};

/** Throws Refusal `user_inactive` or `user_locked`. */
export const refuseUnfitUser = (user: Row, parts: { properties: Properties; nowMs: number }): void => {
  const userSysId = user.sys_id ?? '';
  const name = user.user_name ?? '';
  if (user.active !== 'true' && parts.properties.flag('glide.authenticate.only.allow.active.user.login', true)) {
    throw new Refusal('user_inactive', { userSysId, line: `User is inactive: ${name}`, expected: 'an active user', got: name });
  }
  if (isLocked(user, parts)) {
    throw new Refusal('user_locked', {
      userSysId,
      line: `User locked out: ${name}`,
      expected: 'a user who is not locked out',
      got: name,
    });
  }
};
