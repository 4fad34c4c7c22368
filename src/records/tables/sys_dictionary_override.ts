// What a table has otherwise for a field that it inherits: one row for each field and table, a flag for each part that differs.
import type { TableDefinition } from '../definition.ts';

const keepers = ['personalize_dictionary'];

const flag = (element: string, label: string) => ({ element, label, type: 'boolean' });

export const sysDictionaryOverride: TableDefinition = {
  name: 'sys_dictionary_override',
  label: 'Dictionary Entry Override',
  fields: [
    { element: 'name', label: 'Table', type: 'table_name', maxLength: 80, mandatory: true },
    { element: 'base_table', label: 'Base table', type: 'table_name', maxLength: 80 },
    { element: 'element', label: 'Column name', type: 'string', maxLength: 80, mandatory: true, display: true },
    flag('default_value_override', 'Override default value'),
    { element: 'default_value', label: 'Default value', type: 'string', maxLength: 512 },
    flag('mandatory_override', 'Override mandatory'),
    flag('mandatory', 'Mandatory'),
    flag('read_only_override', 'Override read only'),
    flag('read_only', 'Read only'),
    flag('display_override', 'Override display value'),
    flag('attributes_override', 'Override attributes'),
    { element: 'attributes', label: 'Attributes', type: 'string', maxLength: 1000 },
    flag('dependent_override', 'Override dependent'),
    { element: 'dependent', label: 'Dependent', type: 'string', maxLength: 80 },
  ],
  indexes: [{ columns: ['name', 'element'], unique: true }],
  access: { read: 'any', create: keepers, write: keepers, delete: keepers },
};
