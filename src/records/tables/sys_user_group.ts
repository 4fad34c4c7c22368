// Groups of users. A member has the roles of the group and of the groups above it.
import type { TableDefinition } from '../definition.ts';
import { seedId } from '../seed_id.ts';

export const groupDemoNames = ['Service Desk', 'Network', 'Databases'] as const;

export const sysUserGroup: TableDefinition = {
  name: 'sys_user_group',
  label: 'Group',
  extendable: true,
  audited: true,
  fields: [
    { element: 'name', label: 'Name', type: 'string', maxLength: 80, display: true },
    { element: 'description', label: 'Description', type: 'string', maxLength: 1000 },
    { element: 'active', label: 'Active', type: 'boolean', default: 'true' },
    { element: 'manager', label: 'Manager', type: 'reference', reference: 'sys_user' },
    { element: 'parent', label: 'Parent', type: 'reference', reference: 'sys_user_group' },
    { element: 'email', label: 'Group email', type: 'email', maxLength: 100 },
    { element: 'type', label: 'Type', type: 'glide_list' },
    { element: 'source', label: 'Source', type: 'string', maxLength: 255 },
  ],
  indexes: [{ columns: ['name'] }, { columns: ['parent'] }],
  access: { read: 'any', create: ['user_admin'], write: ['user_admin'], delete: ['user_admin'] },
  demoRows: groupDemoNames.map((name) => ({ sys_id: seedId('sys_user_group', name), name })),
};
