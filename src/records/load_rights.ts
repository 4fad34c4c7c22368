// Rows of sys_security_acl and sys_security_acl_role → Rights. Reads, never decides.
import type { Store } from '../store/store.ts';
import { type AccessRule, makeRights, type Operation, type Rights } from './rights.ts';
import { makeTopicCache, type TopicCache } from './topic_cache.ts';

const operations: ReadonlySet<string> = new Set(['read', 'create', 'write', 'delete']);

const readRules = async (store: Store): Promise<AccessRule[]> => {
  const { dialect } = store;
  const n = dialect.name;
  const acls = await store.read(
    `SELECT sys_id, ${n('name')}, ${n('operation')}, ${n('condition')}, ${n('admin_overrides')}, ${n('script')} FROM ${n('sys_security_acl')}` +
      ` WHERE ${n('active')} = 1 AND ${n('type')} = 'record' AND (${n('decision_type')} IS NULL OR ${n('decision_type')} = 'allow')`,
  );
  const roles = await store.read(
    `SELECT a.sys_security_acl, r.${n('name')} FROM ${n('sys_security_acl_role')} a JOIN ${n('sys_user_role')} r ON r.sys_id = a.sys_user_role`,
  );
  const rolesOf = new Map<string, string[]>();
  for (const [acl, role] of roles) rolesOf.set(String(acl), [...(rolesOf.get(String(acl)) ?? []), String(role ?? '')]);
  return acls.flatMap(([sysId, name, operation, condition, adminOverrides, script]): AccessRule[] => {
    if (!operations.has(String(operation))) return [];
    // A rule whose script we cannot run must not grant what the script might refuse.
    const guarded = script === null ? (rolesOf.get(String(sysId)) ?? []) : ['nobody'];
    return [
      {
        name: String(name ?? ''),
        operation: String(operation) as Operation,
        roles: guarded,
        condition: String(condition ?? ''),
        adminOverrides: adminOverrides === 1,
      },
    ];
  });
};

export const makeRightsCache = ({ store }: { store: Store }): TopicCache<Rights> =>
  makeTopicCache({ store, topics: ['rights'], make: async (stamp) => makeRights(await readRules(store), stamp) });
