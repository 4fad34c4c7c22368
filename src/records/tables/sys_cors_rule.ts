// Which pages of other origins may call which API. Without a rule none may: browsers keep the answers from them.
import type { TableDefinition } from '../definition.ts';

const keepers = ['web_service_admin'];

export const sysCorsRule: TableDefinition = {
  name: 'sys_cors_rule',
  label: 'CORS Rule',
  audited: true,
  fields: [
    { element: 'name', label: 'Name', type: 'string', maxLength: 100, mandatory: true, display: true },
    { element: 'active', label: 'Active', type: 'boolean', default: 'true' },
    { element: 'rest_api', label: 'REST API', type: 'string', maxLength: 100 },
    { element: 'domain', label: 'Domain', type: 'string', maxLength: 255, mandatory: true },
    { element: 'max_age', label: 'Max age', type: 'integer', default: '0' },
    { element: 'allow_get', label: 'GET', type: 'boolean', default: 'true' },
    { element: 'allow_post', label: 'POST', type: 'boolean' },
    { element: 'allow_put', label: 'PUT', type: 'boolean' },
    { element: 'allow_patch', label: 'PATCH', type: 'boolean' },
    { element: 'allow_delete', label: 'DELETE', type: 'boolean' },
    { element: 'allow_credentials', label: 'Credentials', type: 'boolean' },
    { element: 'allowed_headers', label: 'HTTP Headers', type: 'string', maxLength: 1000 },
    { element: 'exposed_headers', label: 'Exposed headers', type: 'string', maxLength: 1000 },
  ],
  access: { read: keepers, create: keepers, write: keepers, delete: keepers },
};
