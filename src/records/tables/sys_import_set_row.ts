// What every staging table extends: the fate of one imported row. The columns of the data are added to the staging tables themselves.
import type { TableDefinition } from '../definition.ts';
import { importKeepers } from './sys_import_set.ts';

export const rowStates = {
  pending: 'Pending',
  inserted: 'Inserted',
  updated: 'Updated',
  ignored: 'Ignored',
  skipped: 'Skipped',
  error: 'Error',
  cancelled: 'Cancelled',
} as const;

export const sysImportSetRow: TableDefinition = {
  name: 'sys_import_set_row',
  label: 'Import Set Row',
  extendable: true,
  fields: [
    { element: 'sys_import_set', label: 'Set', type: 'reference', reference: 'sys_import_set', whenGone: 'none', readOnly: true },
    { element: 'sys_import_row', label: 'Row', type: 'integer', readOnly: true },
    {
      element: 'sys_import_state',
      label: 'State',
      type: 'string',
      default: 'pending',
      choices: rowStates,
      readOnly: true,
    },
    { element: 'sys_import_state_comment', label: 'Comment', type: 'string', maxLength: 4000, readOnly: true },
    { element: 'sys_target_table', label: 'Target table', type: 'table_name', maxLength: 80, readOnly: true },
    { element: 'sys_target_sys_id', label: 'Target record', type: 'document_id', readOnly: true },
    {
      element: 'sys_transform_map',
      label: 'Transform map',
      type: 'reference',
      reference: 'sys_transform_map',
      whenGone: 'none',
      readOnly: true,
    },
    { element: 'sys_import_result', label: 'Answer given', type: 'json', maxLength: 65_000, readOnly: true },
  ],
  indexes: [{ columns: ['sys_import_set', 'sys_import_row'], unique: true }, { columns: ['sys_target_sys_id'] }],
  access: { read: importKeepers, create: importKeepers, write: ['import_admin'], delete: ['import_admin'] },
};
