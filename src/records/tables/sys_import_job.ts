// Imports that run in the background, one row each: what is to be done, how far it is, and who works on it until when.
import type { TableDefinition } from '../definition.ts';
import { importKeepers } from './sys_import_set.ts';

export const jobStates = {
  uploading: 'Uploading',
  ready: 'Ready',
  running: 'Running',
  complete: 'Complete',
  failed: 'Failed',
  cancelled: 'Cancelled',
} as const;

const readOnly = true;

export const sysImportJob: TableDefinition = {
  name: 'sys_import_job',
  label: 'Import Job',
  fields: [
    { element: 'name', label: 'Name', type: 'string', maxLength: 255, display: true, readOnly },
    { element: 'state', label: 'State', type: 'string', default: 'uploading', choices: jobStates, readOnly },
    {
      element: 'phase',
      label: 'Phase',
      type: 'string',
      choice: 1,
      choices: { load: 'Loading', transform: 'Transforming' },
      readOnly,
    },
    { element: 'dry_run', label: 'Dry run', type: 'boolean', readOnly },
    { element: 'import_set', label: 'Import set', type: 'reference', reference: 'sys_import_set', whenGone: 'none', readOnly },
    { element: 'data_source', label: 'Data source', type: 'reference', reference: 'sys_data_source', whenGone: 'none', readOnly },
    { element: 'table_name', label: 'Staging table', type: 'table_name', maxLength: 80, readOnly },
    { element: 'transform', label: 'Transform', type: 'boolean', readOnly },
    // Empty: every active map of the staging table, in order.
    {
      element: 'transform_map',
      label: 'Transform map',
      type: 'reference',
      reference: 'sys_transform_map',
      whenGone: 'none',
      readOnly,
    },
    { element: 'options', label: 'Options', type: 'json', maxLength: 8000, readOnly },
    { element: 'rows_loaded', label: 'Rows loaded', type: 'integer', default: '0', readOnly },
    { element: 'bytes_total', label: 'Bytes in all', type: 'longint', default: '0', readOnly },
    { element: 'bytes_read', label: 'Bytes read', type: 'longint', default: '0', readOnly },
    { element: 'map_position', label: 'Map under way', type: 'integer', default: '0', readOnly },
    { element: 'last_row', label: 'Last row done', type: 'integer', default: '0', readOnly },
    { element: 'rows_done', label: 'Rows transformed', type: 'integer', default: '0', readOnly },
    { element: 'cancel_requested', label: 'Cancel', type: 'boolean' },
    { element: 'lease_owner', label: 'Worker', type: 'token_id', maxLength: 40, readOnly },
    { element: 'lease_until', label: 'Worker until', type: 'glide_date_time', readOnly },
    { element: 'attempts', label: 'Attempts', type: 'integer', default: '0', readOnly },
    { element: 'message', label: 'Message', type: 'string', maxLength: 1000, readOnly },
    { element: 'report', label: 'Report', type: 'json', maxLength: 65_000, readOnly },
    { element: 'completed', label: 'Completed', type: 'glide_date_time', readOnly },
  ],
  indexes: [{ columns: ['state', 'lease_until'] }, { columns: ['import_set'] }],
  access: { read: importKeepers, create: [], write: importKeepers, delete: ['import_admin'] },
};
