// Further conditions that an API access policy lists: networks from which the call must come.
import type { TableDefinition } from '../definition.ts';

export const authPolicyMapping: TableDefinition = {
  name: 'auth_policy_mapping',
  label: 'Auth Policy Mapping',
  fields: [
    {
      element: 'api_access_policy',
      label: 'API Access Policy',
      type: 'reference',
      whenGone: 'delete',
      reference: 'sys_api_access_policy',
      mandatory: true,
    },
    { element: 'name', label: 'Name', type: 'string', maxLength: 100, display: true },
    { element: 'networks', label: 'Networks', type: 'string', maxLength: 4000 },
    { element: 'active', label: 'Active', type: 'boolean', default: 'true' },
  ],
  indexes: [{ columns: ['api_access_policy'] }],
  access: {
    read: ['oauth_admin', 'mi_admin'],
    create: ['oauth_admin', 'mi_admin'],
    write: ['oauth_admin', 'mi_admin'],
    delete: ['oauth_admin', 'mi_admin'],
  },
};
