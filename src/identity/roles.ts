// Names of all roles a user holds: given directly, contained in others, through groups and the groups above them.
// Must not cache: users.ts does, and knows when to forget.
import type { Records, Row } from '../records/records.ts';

type Lookup = Pick<Records, 'findBy' | 'dictionary'>;

// A grant or containment chain longer than this is a loop in the data.
const limit = 10_000;

const lookup = async (records: Lookup, table: string, field: string, value: string): Promise<Row[]> =>
  records.dictionary().table(table) ? records.findBy(table, { [field]: value }, { limit }) : [];

/** Everything reachable from `start`, each visited once. */
const reach = async (start: readonly string[], next: (sysId: string) => Promise<string[]>): Promise<Set<string>> => {
  const reached = new Set(start.filter(Boolean));
  for (const sysId of reached) for (const further of await next(sysId)) if (further && reached.size < limit) reached.add(further);
  return reached;
};

const columnOf = (rows: readonly Row[], field: string): string[] => rows.map((row) => row[field] ?? '').filter(Boolean);

export const loadRoleNames = async (records: Lookup, userSysId: string): Promise<ReadonlySet<string>> => {
  if (userSysId === '') return new Set();
  const grants = await lookup(records, 'sys_user_has_role', 'user', userSysId);
  // A grant that still waits for approval gives nothing.
  const direct = columnOf(
    grants.filter((grant) => !grant.state || grant.state === 'active'),
    'role',
  );
  const memberships = columnOf(await lookup(records, 'sys_user_grmember', 'user', userSysId), 'group');
  const groups = await reach(memberships, async (group) =>
    columnOf(await lookup(records, 'sys_user_group', 'sys_id', group), 'parent'),
  );
  const granted = [...direct];
  for (const group of groups) {
    const [row] = await lookup(records, 'sys_user_group', 'sys_id', group);
    if (row?.active === 'false') continue;
    const given = await lookup(records, 'sys_group_has_role', 'group', group);
    granted.push(
      ...columnOf(
        given.filter((grant) => grant.inherits !== 'false'),
        'role',
      ),
    );
  }
  const roles = await reach(granted, async (role) =>
    columnOf(await lookup(records, 'sys_user_role_contains', 'role', role), 'contains'),
  );
  const names = new Set<string>();
  for (const role of roles) {
    const [row] = await lookup(records, 'sys_user_role', 'sys_id', role);
    if (row?.name) names.add(row.name);
  }
  return names;
};
