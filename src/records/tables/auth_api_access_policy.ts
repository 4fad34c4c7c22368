// Which ways of authenticating an API takes. The most specific active policy of a call decides.
import type { TableDefinition } from '../definition.ts';

export const sysApiAccessPolicy: TableDefinition = {
  name: 'sys_api_access_policy',
  label: 'API Access Policy',
  fields: [
    { element: 'name', label: 'Name', type: 'string', maxLength: 100, display: true, mandatory: true },
    { element: 'active', label: 'Active', type: 'boolean', default: 'true' },
    { element: 'rest_api', label: 'REST API', type: 'string', maxLength: 100 },
    { element: 'api_path', label: 'REST API path', type: 'string', maxLength: 255 },
    { element: 'http_method', label: 'HTTP Method', type: 'string', maxLength: 10 },
    { element: 'version', label: 'Version', type: 'string', maxLength: 20 },
    { element: 'resource', label: 'Resource', type: 'string', maxLength: 255 },
    { element: 'table', label: 'Table', type: 'string', maxLength: 80 },
    { element: 'global', label: 'Global', type: 'boolean', default: 'false' },
    { element: 'apply_all_methods', label: 'Apply to all methods', type: 'boolean', default: 'true' },
    { element: 'apply_all_versions', label: 'Apply to all versions', type: 'boolean', default: 'true' },
    { element: 'apply_all_resources', label: 'Apply to all resources', type: 'boolean', default: 'true' },
    { element: 'apply_all_tables', label: 'Apply to all tables', type: 'boolean', default: 'true' },
    { element: 'advertise_all_schemes', label: 'Advertise all auth schemes', type: 'boolean', default: 'false' },
  ],
  access: {
    read: ['oauth_admin', 'mi_admin'],
    create: ['oauth_admin', 'mi_admin'],
    write: ['oauth_admin', 'mi_admin'],
    delete: ['oauth_admin', 'mi_admin'],
  },
};
