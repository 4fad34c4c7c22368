// What it means when an admin locks or unlocks a user by hand: a lock by hand does not run out, an unlocked user starts without wrong
// attempts. Must not touch what lockout.ts writes: it acts as the system.
import type { Rule } from '../../records/records.ts';

export const userLockRule: Rule = {
  name: 'identity: locks by hand',
  tables: ['sys_user'],
  async check(_transaction, { operation, before, values, caller }) {
    if (operation === 'delete' || caller.isSystem || values.locked_out === (before.locked_out ?? 'false')) return;
    values.locked_at = '';
    if (values.locked_out === 'false') values.failed_attempts = '0';
  },
};
