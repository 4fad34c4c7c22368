// Counts wrong passwords and locks the user out (the original's SNC User Lockout Check with Auto Unlock, and SNC User Clear).
// Counting happens in one transaction per attempt, so that racing gains nobody more attempts than the property allows.

import { makeBoundedMap } from '../kit/bounded_map.ts';
import { type Clock, wireMoment } from '../kit/clock.ts';
import { systemCaller } from '../records/caller.ts';
import type { Records, Row, Values } from '../records/records.ts';
import type { Properties, Topics } from './parts.ts';
import { attemptsTopic } from './topics.ts';
import { isLocked, readUnlockMinutes } from './user_state.ts';

export interface Lockout {
  /** One more wrong password; locks at the limit. */
  failed(userSysId: string): Promise<void>;
  /** A right password: forgets the wrong ones before it and ends a lock that has run out. */
  succeeded(user: Row): Promise<void>;
}

export const defaultAttempts = 5;

export const makeLockout = (parts: {
  records: Pick<Records, 'findBy' | 'write' | 'within'>;
  topics: Topics;
  clock: Clock;
  properties: Properties;
}): Lockout => {
  const { records, topics, clock, properties } = parts;
  // Users seen without wrong attempts, at which count of attempts anywhere: spares a read on nearly every call.
  const clean = makeBoundedMap<string, number>(10_000);

  const change = (userSysId: string, decide: (user: Row) => Values | undefined): Promise<void> =>
    records.write(async (transaction) => {
      const within = records.within(transaction);
      const [user] = await within.findBy('sys_user', { sys_id: userSysId }, { limit: 1, forUpdate: true });
      const values = user && decide(user);
      if (values) await within.update(systemCaller, 'sys_user', userSysId, values);
    });

  return {
    async failed(userSysId) {
      const limit = await properties.number('glide.user.max_unlock_attempts', defaultAttempts);
      const unlockMinutes = await readUnlockMinutes(properties);
      await change(userSysId, (user): Values | undefined => {
        const nowMs = clock.now();
        if (isLocked(user, { unlockMinutes, nowMs })) return undefined;
        // A lock that has run out starts the count anew.
        const attempts = (user.locked_out === 'true' ? 0 : Number(user.failed_attempts || 0)) + 1;
        const failed_attempts = String(attempts);
        if (limit > 0 && attempts >= limit) return { failed_attempts, locked_out: 'true', locked_at: wireMoment(nowMs) };
        return user.locked_out === 'true' ? { failed_attempts, locked_out: 'false', locked_at: null } : { failed_attempts };
      });
    },
    async succeeded(user) {
      const userSysId = user.sys_id ?? '';
      const version = topics.topic(attemptsTopic);
      if (clean.get(userSysId) === version && user.locked_out !== 'true') return;
      const [now] = await records.findBy('sys_user', { sys_id: userSysId }, { limit: 1 });
      clean.set(userSysId, version);
      if (Number(now?.failed_attempts || 0) === 0 && now?.locked_out !== 'true') return;
      const unlockMinutes = await readUnlockMinutes(properties);
      await change(userSysId, (now) =>
        isLocked(now, { unlockMinutes, nowMs: clock.now() })
          ? undefined
          : { failed_attempts: '0', locked_out: 'false', locked_at: null },
      );
    },
  };
};
