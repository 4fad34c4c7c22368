// Where imported rows come from: a file, a REST address, or the claims of an ID token; and the staging table that they land in.
import type { TableDefinition } from '../definition.ts';
import { importKeepers } from './sys_import_set.ts';

export const sysDataSource: TableDefinition = {
  name: 'sys_data_source',
  label: 'Data Source',
  audited: true,
  fields: [
    { element: 'name', label: 'Name', type: 'string', maxLength: 100, display: true, mandatory: true },
    { element: 'active', label: 'Active', type: 'boolean', default: 'true' },
    {
      element: 'type',
      label: 'Type',
      type: 'string',
      maxLength: 40,
      default: 'File',
      choices: { File: 'File', REST: 'REST', OIDC: 'OIDC' },
    },
    {
      element: 'format',
      label: 'Format',
      type: 'string',
      maxLength: 40,
      choices: { CSV: 'CSV', JSON: 'JSON', XML: 'XML', Excel: 'Excel (.xlsx)' },
    },
    {
      element: 'import_set_table_name',
      label: 'Import set table name',
      type: 'table_name',
      maxLength: 60,
      mandatory: true,
      attributes: 'no_truncate=true',
    },
    { element: 'import_set_table_label', label: 'Import set table label', type: 'string', maxLength: 80 },
    { element: 'batch_size', label: 'Batch size', type: 'integer', default: '1000' },
    { element: 'csv_delimiter', label: 'CSV delimiter', type: 'string', maxLength: 4, default: ',' },
    { element: 'header_row', label: 'Header row', type: 'integer', default: '1' },
    { element: 'sheet_number', label: 'Sheet number', type: 'integer', default: '1' },
    { element: 'path', label: 'Path to each row', type: 'string', maxLength: 255 },
    { element: 'rest_url', label: 'REST address', type: 'url', maxLength: 1024, attributes: 'no_truncate=true' },
    { element: 'rest_user', label: 'REST user', type: 'string', maxLength: 100 },
    { element: 'rest_password', label: 'REST password', type: 'password2' },
    { element: 'short_description', label: 'Short description', type: 'string', maxLength: 255 },
    { element: 'last_load', label: 'Last load', type: 'glide_date_time', readOnly: true },
  ],
  access: { read: importKeepers, create: ['import_admin'], write: ['import_admin'], delete: ['import_admin'] },
};
