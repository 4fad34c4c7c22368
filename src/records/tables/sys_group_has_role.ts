// Roles given to groups.
import type { TableDefinition } from '../definition.ts';

export const sysGroupHasRole: TableDefinition = {
  name: 'sys_group_has_role',
  label: 'Group Role',
  audited: true,
  fields: [
    { element: 'group', label: 'Group', type: 'reference', reference: 'sys_user_group', whenGone: 'delete', mandatory: true },
    { element: 'role', label: 'Role', type: 'reference', reference: 'sys_user_role', whenGone: 'delete', mandatory: true },
    { element: 'inherits', label: 'Inherits', type: 'boolean', default: 'true' },
  ],
  indexes: [{ columns: ['group', 'role'], unique: true }, { columns: ['role'] }],
  access: { read: 'any', create: ['user_admin'], write: ['user_admin'], delete: ['user_admin'] },
};
