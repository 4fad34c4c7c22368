// Which profiles an API access policy lists.
import type { TableDefinition } from '../definition.ts';

export const sysAuthProfileMapping: TableDefinition = {
  name: 'sys_auth_profile_mapping',
  label: 'Auth Profile Mapping',
  fields: [
    {
      element: 'api_access_policy',
      label: 'API Access Policy',
      type: 'reference',
      whenGone: 'delete',
      reference: 'sys_api_access_policy',
      mandatory: true,
    },
    {
      element: 'inbound_auth_profile',
      label: 'Inbound Authentication Profile',
      type: 'reference',
      whenGone: 'restrict',
      reference: 'inbound_auth_profile',
      mandatory: true,
    },
  ],
  indexes: [{ columns: ['api_access_policy', 'inbound_auth_profile'], unique: true }],
  access: {
    read: ['oauth_admin', 'mi_admin'],
    create: ['oauth_admin', 'mi_admin'],
    write: ['oauth_admin', 'mi_admin'],
    delete: ['oauth_admin', 'mi_admin'],
  },
};
