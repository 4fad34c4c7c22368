// What the door needs to know of the entity behind a token: is it active, what may it reach. Read live: cached only until anything about
// registry or scopes changes on any process.
import type { Records } from '../records/records.ts';
import { clientOf } from './client.ts';

export interface Entity {
  readonly sysId: string;
  readonly isActive: boolean;
  /** Tokens of ours may stand in its name. */
  readonly isClient: boolean;
  /** "Securely scoped": may not call an API that asks for no scope. */
  readonly isSecurelyScoped: boolean;
  /** Its tokens are good only where a policy lists its profile. */
  readonly isRestrictedBinding: boolean;
  /** sys_id → name of the auth scopes that it owns. */
  readonly authScopes: ReadonlyMap<string, string>;
}

export interface Entities {
  find(sysId: string): Promise<Entity | undefined>;
}

const entryLimit = 5_000;

export const makeEntities = ({ records, topic }: { records: Records; topic: () => number }): Entities => {
  let cache = new Map<string, Promise<Entity | undefined>>();
  let cachedAt = -1;
  const load = async (sysId: string): Promise<Entity | undefined> => {
    const [row] = await records.findBy('oauth_entity', { sys_id: sysId });
    if (row === undefined) return undefined;
    const mappings = await records.findBy('oauth_entity_auth_scope_mapping', { oauth_entity: sysId });
    const authScopes = new Map<string, string>();
    for (const mapping of mappings) {
      const [scope] = await records.findBy('sys_auth_scope', { sys_id: mapping.auth_scope ?? '' });
      if (scope !== undefined) authScopes.set(scope.sys_id ?? '', scope.name ?? '');
    }
    return {
      sysId,
      isActive: row.active === 'true',
      isClient: clientOf(row, []) !== undefined,
      isSecurelyScoped: row.scope_restriction_status === 'restricted',
      isRestrictedBinding: row.restricted_binding === 'true',
      authScopes,
    };
  };
  return {
    find(sysId) {
      const now = topic();
      if (now !== cachedAt) {
        cache = new Map();
        cachedAt = now;
      }
      const known = cache.get(sysId);
      if (known !== undefined) return known;
      const loading = load(sysId);
      if (cache.size >= entryLimit) cache.delete(cache.keys().next().value as string);
      cache.set(sysId, loading);
      loading.catch(() => cache.delete(sysId));
      return loading;
    },
  };
};
