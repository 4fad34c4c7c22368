// One field of a transform map.
import type { TableDefinition } from '../definition.ts';
import { shippedEntries } from './shipped_imports.ts';
import { importKeepers } from './sys_import_set.ts';

export const sysTransformEntry: TableDefinition = {
  name: 'sys_transform_entry',
  label: 'Transform Entry',
  audited: true,
  fields: [
    { element: 'map', label: 'Map', type: 'reference', reference: 'sys_transform_map', whenGone: 'delete', mandatory: true },
    { element: 'source_table', label: 'Source table', type: 'table_name', maxLength: 80 },
    { element: 'target_table', label: 'Target table', type: 'table_name', maxLength: 80 },
    { element: 'source_field', label: 'Source field', type: 'field_name', maxLength: 80 },
    { element: 'target_field', label: 'Target field', type: 'field_name', maxLength: 80, display: true },
    { element: 'coalesce', label: 'Coalesce', type: 'boolean', default: 'false' },
    { element: 'coalesce_empty_fields', label: 'Coalesce empty fields', type: 'boolean', default: 'false' },
    { element: 'coalesce_case_sensitive', label: 'Coalesce case sensitive', type: 'boolean', default: 'false' },
    { element: 'use_source_script', label: 'Use source script', type: 'boolean', default: 'false' },
    { element: 'source_script', label: 'Source script', type: 'script', maxLength: 65_000, attributes: 'no_truncate=true' },
    {
      element: 'choice_action',
      label: 'Choice action',
      type: 'string',
      default: 'create',
      choices: { create: 'create', ignore: 'ignore', reject: 'reject' },
    },
    { element: 'date_format', label: 'Date format', type: 'string', maxLength: 40 },
    { element: 'reference_value_field', label: 'Referenced value field name', type: 'field_name', maxLength: 80 },
  ],
  indexes: [{ columns: ['map'] }],
  access: { read: importKeepers, create: ['import_admin'], write: ['import_admin'], delete: ['import_admin'] },
  rows: shippedEntries,
};
