// Rows of sys_security_acl and sys_security_acl_role → Rights. Reads, never decides.
import type { Store } from '../store/store.ts';
import type { Properties } from './properties.ts';
import { rememberRights } from './remember_rights.ts';
import { type AccessRule, makeRights, type Rights } from './rights.ts';
import { makeTopicCache, type TopicCache } from './topic_cache.ts';

const operations: ReadonlySet<string> = new Set(['read', 'create', 'write', 'delete', 'query_match', 'query_range']);

/** Tables that say how the others are made. Connectors read them as whoever they are; the property closes them. */
const metadataTables: ReadonlySet<string> = new Set([
  'sys_db_object',
  'sys_dictionary',
  'sys_dictionary_override',
  'sys_choice',
  'sys_documentation',
  'sys_glide_object',
  'sys_number',
  'sys_ui_view',
  'sys_ui_list',
  'sys_ui_list_element',
  'sys_ui_section',
  'sys_ui_element',
]);

const metadataProperty = 'causeway.metadata.readable_by_all';

const readRoles = async (store: Store): Promise<Map<string, string[]>> => {
  const n = store.dialect.name;
  const rows = await store.read(
    `SELECT a.sys_security_acl, r.${n('name')} FROM ${n('sys_security_acl_role')} a LEFT JOIN ${n('sys_user_role')} r ON r.sys_id = a.sys_user_role`,
  );
  const rolesOf = new Map<string, string[]>();
  // A role that is gone is still asked for: '' is a role that nobody holds. Leaving it out would open what it guarded.
  for (const [acl, role] of rows) rolesOf.set(String(acl), [...(rolesOf.get(String(acl)) ?? []), String(role ?? '')]);
  return rolesOf;
};

const readRules = async (store: Store, properties: Properties): Promise<AccessRule[]> => {
  const n = store.dialect.name;
  const columns = ['name', 'operation', 'condition', 'admin_overrides', 'script', 'decision_type'].map(n).join(', ');
  const [acls, rolesOf, isMetadataOpen] = await Promise.all([
    store.read(`SELECT sys_id, ${columns} FROM ${n('sys_security_acl')} WHERE ${n('active')} = 1 AND ${n('type')} = 'record'`),
    readRoles(store),
    properties.flag(metadataProperty, true),
  ]);
  return acls.flatMap(([sysId, name, operation, condition, adminOverrides, script, decision]): AccessRule[] => {
    if (!operations.has(String(operation))) return [];
    const written = rolesOf.get(String(sysId)) ?? [];
    const isOpen = written.length === 0 && operation === 'read' && metadataTables.has(String(name));
    return [
      {
        name: String(name ?? ''),
        operation: String(operation) as AccessRule['operation'],
        roles: isOpen && !isMetadataOpen ? ['personalize_dictionary'] : written,
        condition: String(condition ?? ''),
        adminOverrides: adminOverrides === 1,
        denies: decision === 'deny',
        isUndecidable: script !== null,
      },
    ];
  });
};

export const makeRightsCache = ({ store, properties }: { store: Store; properties: Properties }): TopicCache<Rights> =>
  makeTopicCache({
    store,
    topics: ['rights', 'properties'],
    make: async (stamp) => rememberRights(makeRights(await readRules(store, properties), stamp)),
  });
