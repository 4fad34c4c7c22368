// A provider's claims never bring a role that only an admin may give: said when the configuration is saved, and again when a user is made.
import type { Rule } from '../../records/records.ts';
import { valueRefused } from '../../records/refusals.ts';
import { guardedRoles } from '../../records/rules/guarded_roles.ts';

export const provisionRoleRules: readonly Rule[] = [
  {
    name: 'roles applied to provisioned users',
    tables: ['oidc_provider_configuration'],
    async check(transaction, { operation, before, values }) {
      const roles = values.provision_roles ?? '';
      if (operation === 'delete' || roles === '' || roles === before.provision_roles) return;
      const guarded = await guardedRoles(transaction);
      if (roles.split(',').some((role) => guarded.has(role.trim())))
        throw valueRefused(
          'User roles applied to provisioned users',
          'Admin and elevated roles, and roles that contain one, are given by hand only',
        );
    },
  },
];
