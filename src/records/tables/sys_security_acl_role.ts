// Roles of access rules; holding one is enough.
import type { TableDefinition } from '../definition.ts';

export const sysSecurityAclRole: TableDefinition = {
  name: 'sys_security_acl_role',
  label: 'Access Role',
  audited: true,
  fields: [
    {
      element: 'sys_security_acl',
      label: 'Access control',
      type: 'reference',
      reference: 'sys_security_acl',
      whenGone: 'delete',
      mandatory: true,
    },
    {
      element: 'sys_user_role',
      label: 'Role',
      type: 'reference',
      reference: 'sys_user_role',
      whenGone: 'restrict',
      mandatory: true,
    },
  ],
  indexes: [{ columns: ['sys_security_acl'] }, { columns: ['sys_user_role'] }],
  access: { read: ['admin'], create: ['security_admin'], write: ['security_admin'], delete: ['security_admin'] },
};
