// Names of what a token may reach; which API needs which stands in sys_api_access_scope. The shipped one opens everything and is known by its sys_id.
import type { TableDefinition } from '../definition.ts';

export const sysAuthScope: TableDefinition = {
  name: 'sys_auth_scope',
  label: 'REST API Auth Scope',
  fields: [
    { element: 'name', label: 'Name', type: 'string', maxLength: 100, mandatory: true, display: true, unique: true },
    { element: 'description', label: 'Description', type: 'string', maxLength: 1000 },
  ],
  access: {
    read: ['oauth_admin', 'mi_admin'],
    create: ['oauth_admin', 'mi_admin'],
    write: ['oauth_admin', 'mi_admin'],
    delete: ['oauth_admin', 'mi_admin'],
  },
  rows: [{ sys_id: '5e1f1b0ad4a3401f8f3c9b6a7d20c0de', name: 'useraccount', description: 'Everything that the user may do' }],
};
