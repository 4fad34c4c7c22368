// Choices of fields. A table that has rows of its own for an inherited field has those instead of its parent's.
import type { TableDefinition } from '../definition.ts';

const keepers = ['personalize_dictionary'];

export const sysChoice: TableDefinition = {
  name: 'sys_choice',
  label: 'Choice',
  fields: [
    { element: 'name', label: 'Table', type: 'table_name', maxLength: 80, mandatory: true },
    { element: 'element', label: 'Element', type: 'string', maxLength: 80, mandatory: true },
    { element: 'value', label: 'Value', type: 'string', maxLength: 100 },
    { element: 'label', label: 'Label', type: 'translated_field', maxLength: 200, display: true },
    { element: 'sequence', label: 'Sequence', type: 'integer' },
    { element: 'language', label: 'Language', type: 'string', maxLength: 5, default: 'en' },
    { element: 'inactive', label: 'Inactive', type: 'boolean' },
    { element: 'dependent_value', label: 'Dependent value', type: 'string', maxLength: 100 },
    { element: 'hint', label: 'Hint', type: 'string', maxLength: 512 },
  ],
  indexes: [{ columns: ['name', 'element', 'value'] }],
  access: { read: 'any', create: keepers, write: keepers, delete: keepers },
};
