// Roles given to users. Who may give which is decided by rules/role_grants.ts.
import type { TableDefinition } from '../definition.ts';
import { seedId } from '../seed_id.ts';
import { roleId } from './sys_user_role.ts';
import { adminSysId } from './sys_user_rows.ts';

const demoGrant = (user: string, role: string): Readonly<Record<string, string>> => ({
  sys_id: seedId('sys_user_has_role', user, role),
  user: seedId('sys_user', user),
  role: roleId(role),
  state: 'active',
});

export const sysUserHasRole: TableDefinition = {
  name: 'sys_user_has_role',
  label: 'User Role',
  audited: true,
  fields: [
    { element: 'user', label: 'User', type: 'reference', reference: 'sys_user', whenGone: 'delete', mandatory: true },
    { element: 'role', label: 'Role', type: 'reference', reference: 'sys_user_role', whenGone: 'delete', mandatory: true },
    { element: 'granted_by', label: 'Granted by', type: 'reference', reference: 'sys_user_group', readOnly: true },
    { element: 'inherited', label: 'Inherited', type: 'boolean', default: 'false', readOnly: true },
    { element: 'included_in_role', label: 'Included in role', type: 'reference', reference: 'sys_user_role', readOnly: true },
    {
      element: 'state',
      label: 'State',
      type: 'string',
      default: 'active',
      choices: { active: 'Active', pending: 'Pending', requested: 'Requested' },
    },
  ],
  indexes: [{ columns: ['user', 'role'] }, { columns: ['role'] }],
  access: { read: 'any', create: ['user_admin'], write: ['user_admin'], delete: ['user_admin'] },
  rows: [
    { sys_id: seedId('sys_user_has_role', 'admin', 'admin'), user: adminSysId, role: roleId('admin'), state: 'active' },
    {
      sys_id: seedId('sys_user_has_role', 'admin', 'security_admin'),
      user: adminSysId,
      role: roleId('security_admin'),
      state: 'active',
    },
  ],
  demoRows: [demoGrant('tomas.lindgren', 'itil'), demoGrant('mei.tanaka', 'itil'), demoGrant('integration.user', 'itil')],
};
