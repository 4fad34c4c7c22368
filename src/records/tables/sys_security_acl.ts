// Who may do what: one row per rule, its roles beside it in sys_security_acl_role. The rows of built-in tables are made from their
// definitions; load_rights.ts reads the rows, never the definitions.
import type { TableDefinition } from '../definition.ts';
import { seedId } from '../seed_id.ts';

export const sysSecurityAcl: TableDefinition = {
  name: 'sys_security_acl',
  label: 'Access Control',
  audited: true,
  fields: [
    {
      element: 'name',
      label: 'Name',
      type: 'string',
      maxLength: 255,
      display: true,
      mandatory: true,
      attributes: 'no_truncate=true',
    },
    {
      element: 'type',
      label: 'Type',
      type: 'string',
      default: 'record',
      choices: { record: 'record', REST_Endpoint: 'REST_Endpoint' },
    },
    {
      element: 'operation',
      label: 'Operation',
      type: 'string',
      default: 'read',
      choices: {
        create: 'create',
        read: 'read',
        write: 'write',
        delete: 'delete',
        execute: 'execute',
        query_match: 'query_match',
        query_range: 'query_range',
      },
    },
    {
      element: 'decision_type',
      label: 'Decision type',
      type: 'string',
      default: 'allow',
      choices: { allow: 'Allow If', deny: 'Deny Unless' },
    },
    { element: 'active', label: 'Active', type: 'boolean', default: 'true' },
    { element: 'admin_overrides', label: 'Admin overrides', type: 'boolean', default: 'true' },
    { element: 'condition', label: 'Condition', type: 'conditions', maxLength: 4000, attributes: 'no_truncate=true' },
    { element: 'script', label: 'Script', type: 'script', maxLength: 8000 },
    { element: 'advanced', label: 'Advanced', type: 'boolean' },
    { element: 'description', label: 'Description', type: 'string', maxLength: 1000 },
  ],
  indexes: [{ columns: ['name', 'operation'] }],
  access: { read: ['admin'], create: ['security_admin'], write: ['security_admin'], delete: ['security_admin'] },
  rows: [
    {
      sys_id: seedId('sys_security_acl', 'Scripted REST External Default'),
      name: 'Scripted REST External Default',
      type: 'REST_Endpoint',
      operation: 'execute',
      decision_type: 'allow',
      active: 'true',
      admin_overrides: 'true',
      description: 'Whoever is signed in may call the scripted REST APIs that list this rule; the guest may not',
    },
  ],
};
