// What a provider configuration says about making users, looked at when it is saved: roles that exist and that a claim may bring, and
// something to make users from. Roles that have become guarded since are left out again when a user is made.
import type { Rule } from '../../records/records.ts';
import { valueRefused } from '../../records/refusals.ts';
import { guardedRoles } from '../../records/rules/guarded_roles.ts';
import type { Transaction } from '../../store/store.ts';

const rolesLabel = 'User roles applied to provisioned users';

/** sys_ids for what may be sys_ids or names. Throws `records.value_refused` for what is neither. */
const roleIds = async (transaction: Transaction, written: readonly string[]): Promise<string[]> => {
  const { dialect } = transaction;
  const rows = await transaction.read(`SELECT sys_id, ${dialect.name('name')} FROM ${dialect.name('sys_user_role')}`);
  const byName = new Map(rows.map(([sysId, name]) => [String(name).toLowerCase(), String(sysId)]));
  const known = new Set(rows.map(([sysId]) => String(sysId)));
  return written.map((role) => {
    const found = known.has(role) ? role : byName.get(role.toLowerCase());
    if (found !== undefined) return found;
    throw valueRefused(rolesLabel, `There is no role ${role.slice(0, 100).toWellFormed()}`);
  });
};

export const provisionRoleRules: readonly Rule[] = [
  {
    name: 'roles applied to provisioned users',
    tables: ['oidc_provider_configuration'],
    async check(transaction, { operation, before, values }) {
      const written = (values.provision_roles ?? '')
        .split(',')
        .map((role) => role.trim())
        .filter((role) => role !== '');
      if (operation === 'delete' || written.length === 0 || values.provision_roles === before.provision_roles) return;
      const roles = await roleIds(transaction, written);
      const guarded = await guardedRoles(transaction);
      if (roles.some((role) => guarded.has(role)))
        throw valueRefused(rolesLabel, 'Admin and elevated roles, and roles that contain one, are given by hand only');
      values.provision_roles = roles.join(',');
    },
  },
  {
    name: 'what users are provisioned from',
    tables: ['oidc_provider_configuration'],
    async check(_transaction, { operation, values }) {
      const isWanted = values.auto_provision === 'true' || values.update_on_login === 'true';
      if (operation === 'delete' || !isWanted || values.active !== 'true' || values.provision_data_source) return;
      throw valueRefused('Provision data source', 'Users are made from a data source of the type OIDC: its sys_id is needed');
    },
  },
];
