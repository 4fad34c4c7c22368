// Fields, as rows: one for each own field of a table, and one with no element for the table itself.
import type { TableDefinition } from '../definition.ts';

const keepers = ['personalize_dictionary'];

export const sysDictionary: TableDefinition = {
  name: 'sys_dictionary',
  label: 'Dictionary Entry',
  fields: [
    { element: 'name', label: 'Table', type: 'table_name', maxLength: 80, mandatory: true, attributes: 'no_truncate=true' },
    { element: 'element', label: 'Column name', type: 'string', maxLength: 80, display: true, attributes: 'no_truncate=true' },
    { element: 'column_label', label: 'Column label', type: 'string', maxLength: 80 },
    {
      element: 'internal_type',
      label: 'Type',
      type: 'reference',
      reference: 'sys_glide_object',
      referenceKey: 'name',
      default: 'string',
    },
    { element: 'max_length', label: 'Max length', type: 'integer' },
    { element: 'reference', label: 'Reference', type: 'reference', reference: 'sys_db_object', referenceKey: 'name' },
    { element: 'reference_key', label: 'Reference key', type: 'string', maxLength: 80 },
    {
      element: 'reference_cascade_rule',
      label: 'Reference cascade rule',
      type: 'string',
      choice: 1,
      choices: { clear: 'Clear', delete: 'Delete', restrict: 'Restrict', none: 'None' },
    },
    { element: 'mandatory', label: 'Mandatory', type: 'boolean' },
    { element: 'read_only', label: 'Read only', type: 'boolean' },
    {
      element: 'read_only_option',
      label: 'Read only option',
      type: 'string',
      choice: 1,
      choices: {
        instance_configured: 'Instance Configured',
        display_read_only: 'Display Read Only',
        client_script_modifiable: 'Client Script Modifiable',
        strict_read_only: 'Strict Read Only',
      },
    },
    { element: 'active', label: 'Active', type: 'boolean', default: 'true' },
    { element: 'display', label: 'Display', type: 'boolean' },
    { element: 'unique', label: 'Unique', type: 'boolean' },
    { element: 'default_value', label: 'Default value', type: 'string', maxLength: 512 },
    {
      element: 'choice',
      label: 'Choice',
      type: 'integer',
      choice: 1,
      choices: { '1': 'Dropdown with -- None --', '2': 'Suggestion', '3': 'Dropdown without -- None --' },
    },
    { element: 'dependent', label: 'Dependent', type: 'string', maxLength: 80 },
    { element: 'dependent_on_field', label: 'Dependent on field', type: 'string', maxLength: 80 },
    { element: 'attributes', label: 'Attributes', type: 'string', maxLength: 1000 },
    { element: 'calculation', label: 'Calculation', type: 'script', maxLength: 4000 },
    { element: 'virtual', label: 'Calculated', type: 'boolean' },
    { element: 'comments', label: 'Comments', type: 'string', maxLength: 1000 },
    { element: 'sys_scope', label: 'Application', type: 'string', default: 'global', maxLength: 40 },
  ],
  indexes: [{ columns: ['name', 'element'], unique: true }, { columns: ['internal_type'] }],
  access: { read: 'any', create: keepers, write: keepers, delete: ['admin'] },
};
