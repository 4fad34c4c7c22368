// Who is in which group.
import type { TableDefinition } from '../definition.ts';
import { seedId } from '../seed_id.ts';

const member = (user: string, group: string): Readonly<Record<string, string>> => ({
  sys_id: seedId('sys_user_grmember', user, group),
  user: seedId('sys_user', user),
  group: seedId('sys_user_group', group),
});

export const sysUserGrmember: TableDefinition = {
  name: 'sys_user_grmember',
  label: 'Group Member',
  audited: true,
  fields: [
    { element: 'user', label: 'User', type: 'reference', reference: 'sys_user', whenGone: 'delete', mandatory: true },
    { element: 'group', label: 'Group', type: 'reference', reference: 'sys_user_group', whenGone: 'delete', mandatory: true },
  ],
  indexes: [{ columns: ['user', 'group'], unique: true }, { columns: ['group'] }],
  access: { read: 'any', create: ['user_admin'], write: ['user_admin'], delete: ['user_admin'] },
  demoRows: [member('tomas.lindgren', 'Service Desk'), member('tomas.lindgren', 'Databases'), member('mei.tanaka', 'Network')],
};
