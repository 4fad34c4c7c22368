// API auth scopes (auth.md §8): which scope an API asks for, and whether the entity behind the token has it. Both are read live.
// Applies to tokens only: Basic and sessions carry no scopes.
import { Fault } from '../kit/fault.ts';
import type { Records, Row } from '../records/records.ts';
import type { ApiCall } from './api_call.ts';
import type { Entities } from './entities.ts';
import type { OAuthProperties } from './properties.ts';
import { makeTopicRows } from './topic_rows.ts';

const forbidden = (code: string, explanation: string): Fault =>
  new Fault('forbidden', code, 'User Not Authorized', { explanation });

const same = (one: string | undefined, other: string): boolean => (one ?? '').trim().toLowerCase() === other.toLowerCase();

/** `/now/table/{tableName}` and `now/table/{table}` name one resource. */
const shapeOf = (resource: string): string =>
  resource
    .trim()
    .toLowerCase()
    .replace(/^\/+|\/+$/g, '')
    .replace(/\{[^}]*\}/g, '{}');

/** Whether a row of policies or scopes speaks of this call. A flag that is on leaves its column out of the question. */
export const rowCovers = (row: Row, call: ApiCall): boolean =>
  same(row.api_path?.replace(/^\/+(api\/)?/, ''), call.api) &&
  (row.apply_all_methods === 'true' || same(row.http_method, call.method)) &&
  (row.apply_all_versions === 'true' || same(row.version, call.version)) &&
  (row.apply_all_resources === 'true' || shapeOf(row.resource ?? '') === shapeOf(call.pattern));

/** `entity` alone: all that it owns. With `scopes`: of those only these. `scopes` alone: these, of a key that belongs to no entity. */
export interface ScopeHolder {
  entity?: string;
  scopes?: readonly string[];
}

export interface ApiScopes {
  /** Throws Fault `oauth.scope_missing` or `oauth.api_unscoped`. */
  check(call: ApiCall, holder: ScopeHolder): Promise<void>;
}

export const makeApiScopes = ({
  records,
  entities,
  properties,
  topic,
}: {
  records: Records;
  entities: Entities;
  properties: OAuthProperties;
  topic: () => number;
}): ApiScopes => {
  const rows = makeTopicRows(topic, async () => records.findBy('sys_api_access_scope', { active: 'true' }));
  const names = makeTopicRows(topic, async () => records.find('sys_auth_scope', ''));
  return {
    async check(call, holder) {
      if (!(await properties.isScopeCheckEnabled())) return;
      const entity = holder.entity === undefined ? undefined : await entities.find(holder.entity);
      const needed = (await rows()).filter((row) => rowCovers(row, call)).map((row) => row.auth_scope ?? '');
      const universal = await properties.universalScope();
      const all = await names();
      const mine = (id: string) => holder.entity === undefined || entity?.authScopes.has(id);
      const asked = (name: string) => holder.scopes === undefined || holder.scopes.includes(name);
      const owned = new Set(all.filter((row) => mine(row.sys_id ?? '') && asked(row.name ?? '')).map((row) => row.sys_id ?? ''));
      if (owned.has(universal)) return;
      if (needed.length === 0) {
        if (!entity?.isSecurelyScoped) return;
        throw forbidden('oauth.api_unscoped', 'Access to unscoped api is not allowed');
      }
      if (needed.some((scope) => owned.has(scope))) return;
      const name = all.find((row) => row.sys_id === needed[0])?.name;
      throw forbidden('oauth.scope_missing', `Missing required api access scope${name ? `: ${name}` : ''}`);
    },
  };
};
