// Whoever registers applications and keys may not let one act as someone mightier: a user with guarded roles is named by admins only.
import { hasRole } from '../caller.ts';
import type { Rule } from '../records.ts';
import { writeRefused } from '../refusals.ts';
import { holdsGuardedRole } from './guarded_roles.ts';

/** Giving a new secret to what acts as an admin is as good as being him. */
const decisive = {
  oauth_entity: ['user', 'client_id', 'client_secret', 'redirect_url', 'public_client', 'default_grant_type', 'active'],
  api_key: ['user', 'token', 'auth_scope', 'active', 'expires'],
} as const;

export const applicationUserRules: readonly Rule[] = Object.entries(decisive).map(([table, elements]) => ({
  name: `user of ${table}`,
  tables: [table],
  async check(transaction, { operation, before, values, caller }) {
    const user = values.user;
    if (operation === 'delete' || !user || hasRole(caller)) return;
    const isTouched = operation === 'insert' || elements.some((element) => values[element] !== before[element]);
    if (isTouched && (await holdsGuardedRole(transaction, user))) {
      throw writeRefused(operation, `${caller.userName} is no admin and may not let a row of ${table} act as user ${user}`);
    }
  },
}));
