// Roles that only an admin may give: admin itself and those as good as it, every elevated role, and every role that brings one of them
// along.
import type { Transaction, Value } from '../../store/store.ts';

// Who writes scripted REST APIs acts, through them, as whoever calls: as an admin, when an admin does.
export const guardedNames: ReadonlySet<string> = new Set(['admin', 'security_admin', 'web_service_admin']);

/** sys_ids of all guarded roles. */
export const guardedRoles = async (transaction: Transaction): Promise<ReadonlySet<string>> => {
  const { dialect } = transaction;
  const n = dialect.name;
  const roles = await transaction.read(`SELECT sys_id, ${n('name')}, ${n('elevated_privilege')} FROM ${n('sys_user_role')}`);
  const contains = await transaction.read(`SELECT ${n('role')}, ${n('contains')} FROM ${n('sys_user_role_contains')}`);
  const guarded = new Set<string>();
  for (const [sysId, name, elevated] of roles)
    if (guardedNames.has(String(name).toLowerCase()) || elevated === 1) guarded.add(String(sysId));
  for (let before = -1; before !== guarded.size; ) {
    before = guarded.size;
    for (const [role, contained] of contains) if (guarded.has(String(contained))) guarded.add(String(role));
  }
  return guarded;
};

/** The groups whose members hold the roles of `group`'s chain: the group and all above it. */
const groupsAbove = async (transaction: Transaction, groups: readonly string[]): Promise<ReadonlySet<string>> => {
  const { dialect } = transaction;
  const parents = new Map<string, Value>(
    (await transaction.read(`SELECT sys_id, ${dialect.name('parent')} FROM ${dialect.name('sys_user_group')}`)).map(
      ([group, parent]) => [String(group), parent ?? null],
    ),
  );
  const all = new Set<string>();
  for (const start of groups) {
    for (
      let group: string | null = start;
      group && !all.has(group);
      group = parents.get(group) === null ? null : String(parents.get(group) ?? '')
    )
      all.add(group);
  }
  return all;
};

/** Whether a member of `group` gets a guarded role by it. */
export const groupIsGuarded = async (transaction: Transaction, group: string): Promise<boolean> =>
  groupsAreGuarded(transaction, [group]);

const groupsAreGuarded = async (transaction: Transaction, groups: readonly string[]): Promise<boolean> => {
  if (groups.length === 0) return false;
  const { dialect } = transaction;
  const above = await groupsAbove(transaction, groups);
  const guarded = await guardedRoles(transaction);
  const given = await transaction.read(
    `SELECT ${dialect.name('group')}, ${dialect.name('role')} FROM ${dialect.name('sys_group_has_role')}`,
  );
  return given.some(([group, role]) => above.has(String(group)) && guarded.has(String(role)));
};

/** Whether a user holds a guarded role, directly or through a group. */
export const holdsGuardedRole = async (transaction: Transaction, user: string): Promise<boolean> => {
  const { dialect } = transaction;
  const n = dialect.name;
  const guarded = await guardedRoles(transaction);
  const direct = await transaction.read(
    `SELECT ${n('role')} FROM ${n('sys_user_has_role')} WHERE ${n('user')} = ${dialect.parameter(1)}`,
    [user],
  );
  if (direct.some(([role]) => guarded.has(String(role)))) return true;
  const groups = await transaction.read(
    `SELECT ${n('group')} FROM ${n('sys_user_grmember')} WHERE ${n('user')} = ${dialect.parameter(1)}`,
    [user],
  );
  return groupsAreGuarded(
    transaction,
    groups.map(([group]) => String(group)),
  );
};
