// Tables, as rows.
import type { TableDefinition } from '../definition.ts';

const keepers = ['personalize_dictionary'];

export const sysDbObject: TableDefinition = {
  name: 'sys_db_object',
  label: 'Table',
  fields: [
    {
      element: 'name',
      label: 'Name',
      type: 'string',
      maxLength: 80,
      unique: true,
      mandatory: true,
      attributes: 'no_truncate=true',
    },
    { element: 'label', label: 'Label', type: 'string', maxLength: 80, display: true },
    { element: 'super_class', label: 'Extends table', type: 'reference', reference: 'sys_db_object' },
    { element: 'is_extendable', label: 'Extensible', type: 'boolean' },
    { element: 'ws_access', label: 'Allow access to this table via web services', type: 'boolean', default: 'true' },
    { element: 'read_access', label: 'Can read', type: 'boolean', default: 'true' },
    { element: 'create_access', label: 'Can create', type: 'boolean', default: 'true' },
    { element: 'update_access', label: 'Can update', type: 'boolean', default: 'true' },
    { element: 'delete_access', label: 'Can delete', type: 'boolean', default: 'true' },
    {
      element: 'access',
      label: 'Accessible from',
      type: 'string',
      default: 'public',
      choices: { public: 'All application scopes', package_private: 'This application scope only' },
    },
    { element: 'number_ref', label: 'Auto number', type: 'reference', reference: 'sys_number' },
    { element: 'audit', label: 'Audit', type: 'boolean' },
    { element: 'sys_scope', label: 'Application', type: 'string', default: 'global', maxLength: 40 },
  ],
  indexes: [{ columns: ['super_class'] }],
  access: { read: 'any', create: keepers, write: keepers, delete: ['admin'] },
};
