// Who may call which scripted REST operation: access rules of the type REST_Endpoint. Of those that an operation lists one is enough;
// those whose name is a path must all let the caller pass. It must not let anyone pass a rule that it cannot judge.
import type { Caller } from '../../records/caller.ts';
import type { Records, Row } from '../../records/records.ts';
import { makeTopicCache } from '../../records/topic_cache.ts';
import type { Store } from '../../store/store.ts';
import type { Endpoint } from './endpoint.ts';

interface EndpointRule {
  readonly sysId: string;
  /** Of a rule whose name is a path such as `/api/x_acme/orders/*`. */
  readonly covers: ((path: string) => boolean) | undefined;
  readonly mayPass: (caller: Caller) => boolean;
  readonly denies: boolean;
}

export interface EndpointRights {
  /** `path` is the decoded address. */
  mayCall(caller: Caller, endpoint: Endpoint, path: string): Promise<boolean>;
}

const most = 20_000;

/** `*` stands for anything, `{name}` for one segment. */
const coverOf = (name: string): EndpointRule['covers'] => {
  if (!name.startsWith('/')) return undefined;
  const pieces = name.replace(/\/+$/, '').split(/(\*|\{\w+\})/);
  const source = pieces.map((piece) =>
    piece === '*' ? '.*' : /^\{\w+\}$/.test(piece) ? '[^/]+' : piece.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&'),
  );
  const pattern = new RegExp(`^${source.join('')}/?$`, 's');
  return (path) => pattern.test(path);
};

const ruleOf = (row: Row, roles: readonly string[]): EndpointRule => {
  const isAdminFree = row.admin_overrides === 'true';
  // Nobody runs the scripts of access rules here, and there is no record for a condition to look at.
  const isUndecidable = row.script !== '' || row.condition !== '';
  return {
    sysId: row.sys_id ?? '',
    covers: coverOf(row.name ?? ''),
    denies: row.decision_type === 'deny',
    mayPass(caller) {
      if (roles.includes('nobody')) return false;
      if (isAdminFree && caller.roles.has('admin')) return true;
      if (isUndecidable) return false;
      if (roles.length === 0) return caller.isGuest !== true;
      return roles.some((role) => role === 'public' || caller.roles.has(role));
    },
  };
};

const load = async (records: Pick<Records, 'find'>): Promise<readonly EndpointRule[]> => {
  const rows = await records.find('sys_security_acl', 'type=REST_Endpoint^operation=execute^active=true', { limit: most });
  if (rows.length === 0) return [];
  const needed = await records.find('sys_security_acl_role', 'sys_security_acl.type=REST_Endpoint', { limit: most });
  const names = new Map(
    (await records.find('sys_user_role', '', { limit: most })).map((role) => [role.sys_id ?? '', role.name ?? '']),
  );
  const rolesOf = Map.groupBy(needed, (row) => row.sys_security_acl ?? '');
  // A role that is gone is still asked for: '' is a role that nobody holds.
  const rolesFor = (sysId: string): string[] => (rolesOf.get(sysId) ?? []).map((row) => names.get(row.sys_user_role ?? '') ?? '');
  return rows.map((row) => ruleOf(row, rolesFor(row.sys_id ?? '')));
};

export const makeEndpointRights = ({
  records,
  store,
}: {
  records: Pick<Records, 'find'>;
  store: Pick<Store, 'topic'>;
}): EndpointRights => {
  const rules = makeTopicCache({ store, topics: ['rights'], make: () => load(records) });
  return {
    async mayCall(caller, endpoint, path) {
      if (caller.isSystem) return true;
      if (endpoint.requiresInternalRole && !caller.roles.has('snc_internal') && !caller.roles.has('admin')) return false;
      if (!endpoint.requiresAcl) return true;
      const all = await rules.current();
      if (all.some((rule) => rule.covers?.(path) && !rule.mayPass(caller))) return false;
      if (endpoint.acls.length === 0) return true;
      const listed = all.filter((rule) => endpoint.acls.includes(rule.sysId));
      if (listed.some((rule) => rule.denies && !rule.mayPass(caller))) return false;
      // Rules that are listed and gone, or switched off, let nobody pass.
      return listed.some((rule) => !rule.denies && rule.mayPass(caller));
    },
  };
};
