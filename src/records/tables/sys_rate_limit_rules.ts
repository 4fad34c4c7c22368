// How many calls an hour whom is allowed. An empty part of a rule means any.
import type { TableDefinition } from '../definition.ts';

const keepers = ['rate_limit_admin'];

export const sysRateLimitRules: TableDefinition = {
  name: 'sys_rate_limit_rules',
  label: 'Rate Limit Rule',
  audited: true,
  fields: [
    { element: 'name', label: 'Name', type: 'string', maxLength: 100, display: true, mandatory: true },
    { element: 'active', label: 'Active', type: 'boolean', default: 'true' },
    { element: 'rest_api', label: 'REST API', type: 'string', maxLength: 100 },
    { element: 'rest_version', label: 'Version', type: 'string', maxLength: 40 },
    { element: 'rest_resource', label: 'Resource', type: 'string', maxLength: 255 },
    { element: 'rest_method', label: 'HTTP method', type: 'string', maxLength: 10 },
    { element: 'table_name', label: 'Table', type: 'table_name', maxLength: 80 },
    { element: 'request_limit', label: 'Request limit per hour', type: 'integer', mandatory: true },
    {
      element: 'apply_to',
      label: 'Apply to',
      type: 'string',
      default: 'all',
      choices: { user: 'Single user', role: 'Users with role', all: 'All users' },
    },
    { element: 'user', label: 'User', type: 'reference', reference: 'sys_user', whenGone: 'delete' },
    { element: 'role', label: 'Role', type: 'reference', reference: 'sys_user_role', whenGone: 'delete' },
  ],
  indexes: [{ columns: ['user'] }, { columns: ['role'] }],
  access: { read: keepers, create: keepers, write: keepers, delete: keepers },
};
