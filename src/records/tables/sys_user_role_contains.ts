// Which role brings which others with it.
import type { TableDefinition } from '../definition.ts';
import { seedId } from '../seed_id.ts';
import { roleId } from './sys_user_role.ts';

const brings = (role: string, contained: string): Readonly<Record<string, string>> => ({
  sys_id: seedId('sys_user_role_contains', role, contained),
  role: roleId(role),
  contains: roleId(contained),
});

export const sysUserRoleContains: TableDefinition = {
  name: 'sys_user_role_contains',
  label: 'Contained Role',
  audited: true,
  fields: [
    { element: 'role', label: 'Role', type: 'reference', reference: 'sys_user_role', whenGone: 'delete', mandatory: true },
    {
      element: 'contains',
      label: 'Contains',
      type: 'reference',
      reference: 'sys_user_role',
      whenGone: 'delete',
      mandatory: true,
    },
  ],
  indexes: [{ columns: ['role', 'contains'], unique: true }, { columns: ['contains'] }],
  access: { read: 'any' },
  rows: [
    brings('mi_admin', 'oauth_admin'),
    brings('import_admin', 'import_transformer'),
    brings('itil', 'snc_internal'),
    brings('sn_sb.admin', 'sn_sb.read'),
    brings('sn_sb.admin', 'sn_sb.requestor'),
    brings('sn_sb.admin', 'sn_sb.remote_task_creator'),
    brings('sn_sb.admin', 'catalog_admin'),
  ],
};
