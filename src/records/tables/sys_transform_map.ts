// How rows of a staging table become records of another table. Who may write one that acts as the system: imports/rules.
import type { TableDefinition } from '../definition.ts';
import { shippedMaps } from './shipped_imports.ts';
import { importKeepers } from './sys_import_set.ts';

export const sysTransformMap: TableDefinition = {
  name: 'sys_transform_map',
  label: 'Table Transform Map',
  audited: true,
  fields: [
    { element: 'name', label: 'Name', type: 'string', maxLength: 100, display: true, mandatory: true },
    { element: 'source_table', label: 'Source table', type: 'table_name', maxLength: 80, mandatory: true },
    { element: 'target_table', label: 'Target table', type: 'table_name', maxLength: 80, mandatory: true },
    { element: 'active', label: 'Active', type: 'boolean', default: 'true' },
    { element: 'order', label: 'Order', type: 'integer', default: '100' },
    { element: 'run_business_rules', label: 'Run business rules', type: 'boolean', default: 'true' },
    {
      element: 'enforce_mandatory_fields',
      label: 'Enforce mandatory fields',
      type: 'string',
      default: 'no',
      choices: { no: 'No', onlyMappedFields: 'Only Mapped Fields', allFields: 'All Fields' },
    },
    { element: 'copy_empty_fields', label: 'Copy empty fields', type: 'boolean', default: 'false' },
    {
      element: 'create_new_record_on_empty_coalesce',
      label: 'Create new record on empty coalesce fields',
      type: 'boolean',
      default: 'false',
    },
    { element: 'run_script', label: 'Run script', type: 'boolean', default: 'false' },
    { element: 'script', label: 'Script', type: 'script', maxLength: 65_000, attributes: 'no_truncate=true' },
  ],
  indexes: [{ columns: ['source_table', 'order'] }],
  access: { read: importKeepers, create: ['import_admin'], write: ['import_admin'], delete: ['import_admin'] },
  rows: shippedMaps,
};
