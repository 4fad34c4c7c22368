// Which auth scope an API needs. An API without a row is open to every valid token.
import type { TableDefinition } from '../definition.ts';

export const sysApiAccessScope: TableDefinition = {
  name: 'sys_api_access_scope',
  label: 'REST API Access Scope',
  fields: [
    { element: 'name', label: 'Name', type: 'string', maxLength: 100, display: true },
    { element: 'auth_scope', label: 'Auth Scope', type: 'reference', reference: 'sys_auth_scope', mandatory: true },
    { element: 'rest_api', label: 'REST API', type: 'string', maxLength: 100 },
    { element: 'api_path', label: 'REST API path', type: 'string', maxLength: 255, mandatory: true },
    { element: 'http_method', label: 'HTTP Method', type: 'string', maxLength: 10 },
    { element: 'version', label: 'Version', type: 'string', maxLength: 20 },
    { element: 'resource', label: 'Resource', type: 'string', maxLength: 255 },
    { element: 'apply_all_methods', label: 'Apply scope to all methods', type: 'boolean', default: 'true' },
    { element: 'apply_all_versions', label: 'Apply scope to all versions', type: 'boolean', default: 'true' },
    { element: 'apply_all_resources', label: 'Apply scope to all resources', type: 'boolean', default: 'true' },
    { element: 'active', label: 'Active', type: 'boolean', default: 'true' },
  ],
  access: {
    read: ['oauth_admin', 'mi_admin'],
    create: ['oauth_admin', 'mi_admin'],
    write: ['oauth_admin', 'mi_admin'],
    delete: ['oauth_admin', 'mi_admin'],
  },
};
