// One load of rows into a staging table.
import type { TableDefinition } from '../definition.ts';

/** Who may look at imports; changing what imports do takes import_admin. */
export const importKeepers = ['import_admin', 'import_transformer'] as const;

export const sysImportSet: TableDefinition = {
  name: 'sys_import_set',
  label: 'Import Set',
  numberPrefix: 'ISET',
  fields: [
    { element: 'number', label: 'Number', type: 'string', maxLength: 40, display: true, readOnly: true, unique: true },
    { element: 'table_name', label: 'Table', type: 'table_name', maxLength: 80, readOnly: true },
    { element: 'table_label', label: 'Table label', type: 'string', maxLength: 80, readOnly: true },
    {
      element: 'state',
      label: 'State',
      type: 'string',
      default: 'loading',
      choices: { loading: 'Loading', loaded: 'Loaded', processed: 'Processed', cancelled: 'Cancelled' },
    },
    {
      element: 'mode',
      label: 'Mode',
      type: 'string',
      default: 'asynchronous',
      choices: { synchronous: 'Synchronous', asynchronous: 'Asynchronous' },
      readOnly: true,
    },
    { element: 'data_source', label: 'Data source', type: 'reference', reference: 'sys_data_source', readOnly: true },
    {
      element: 'multi_import_set',
      label: 'Multi import set',
      type: 'reference',
      reference: 'sys_multi_import_set',
      readOnly: true,
    },
    { element: 'short_description', label: 'Short description', type: 'string', maxLength: 255 },
    { element: 'load_completed', label: 'Load completed', type: 'glide_date_time', readOnly: true },
    { element: 'completed', label: 'Run completed', type: 'glide_date_time', readOnly: true },
  ],
  indexes: [{ columns: ['table_name', 'state', 'mode'] }, { columns: ['sys_created_on'] }],
  access: { read: importKeepers, create: [], write: ['import_admin'], delete: ['import_admin'] },
};
