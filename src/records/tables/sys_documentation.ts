// Labels of tables and fields, a row for each language; rules/labels.ts keeps the English ones.
import type { TableDefinition } from '../definition.ts';

const keepers = ['personalize_dictionary'];

export const sysDocumentation: TableDefinition = {
  name: 'sys_documentation',
  label: 'Field Label',
  fields: [
    { element: 'name', label: 'Table', type: 'table_name', maxLength: 80, mandatory: true },
    { element: 'element', label: 'Element', type: 'string', maxLength: 80 },
    { element: 'label', label: 'Label', type: 'string', maxLength: 80, display: true },
    { element: 'plural', label: 'Plural', type: 'string', maxLength: 80 },
    { element: 'help', label: 'Help', type: 'string', maxLength: 4000 },
    { element: 'hint', label: 'Hint', type: 'string', maxLength: 1000 },
    { element: 'language', label: 'Language', type: 'string', maxLength: 5, default: 'en' },
  ],
  indexes: [{ columns: ['name', 'element', 'language'] }],
  access: { read: 'any', create: keepers, write: keepers, delete: keepers },
};
