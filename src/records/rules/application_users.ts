// Whoever registers an application may not let it act as someone mightier: a user with guarded roles is named by admins only.
import { hasRole } from '../caller.ts';
import type { Rule } from '../records.ts';
import { writeRefused } from '../refusals.ts';
import { holdsGuardedRole } from './guarded_roles.ts';

export const applicationUserRules: readonly Rule[] = [
  {
    name: 'user of an application',
    tables: ['oauth_entity'],
    async check(transaction, { operation, before, values, caller }) {
      const user = values.user;
      if (operation === 'delete' || !user || hasRole(caller)) return;
      // Giving a new secret to an application that acts as an admin is as good as being him.
      const decisive = ['user', 'client_id', 'client_secret', 'redirect_url', 'public_client', 'default_grant_type', 'active'];
      const isTouched = operation === 'insert' || decisive.some((element) => values[element] !== before[element]);
      if (isTouched && (await holdsGuardedRole(transaction, user))) {
        throw writeRefused(operation, `${caller.userName} is no admin and may not let an application act as user ${user}`);
      }
    },
  },
];
