// Gives a new user the roles that the configuration lists. Never one that only an admin may give: admin, elevated roles, and whatever
// contains one of them.
import { systemCaller } from '../../records/caller.ts';
import type { Records } from '../../records/records.ts';
import { guardedRoles } from '../../records/rules/guarded_roles.ts';
import type { Transaction } from '../../store/store.ts';

const mostRoles = 100;

/** Answers the sys_ids that were left out because they are guarded. */
export const grantRoles = async (
  records: Records,
  transaction: Transaction,
  { user, roles }: { user: string; roles: readonly string[] },
): Promise<readonly string[]> => {
  if (roles.length === 0) return [];
  const within = records.within(transaction);
  const guarded = await guardedRoles(transaction);
  const held = new Set((await within.findBy('sys_user_has_role', { user })).map((grant) => grant.role));
  for (const role of new Set(roles.slice(0, mostRoles))) {
    if (guarded.has(role) || held.has(role)) continue;
    const [known] = await within.findBy('sys_user_role', { sys_id: role }, { limit: 1 });
    if (known) await within.insert(systemCaller, 'sys_user_has_role', { user, role, state: 'active' });
  }
  return roles.filter((role) => guarded.has(role));
};
