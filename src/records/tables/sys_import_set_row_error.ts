// Why a row, or a field of it, did not come through.
import type { TableDefinition } from '../definition.ts';
import { importKeepers } from './sys_import_set.ts';

/** The platform's codes, and four of our own above 1000. */
export const rowErrorCodes = {
  '100': 'Reference rejected',
  '200': 'Choice rejected',
  '300': 'List reference rejected',
  '800': 'Invalid target',
  '900': 'Script error',
  '1010': 'Value not understood',
  '1020': 'Record refused',
  '1030': 'User not provisioned',
  '1040': 'Set to error by a script',
} as const;

export const sysImportSetRowError: TableDefinition = {
  name: 'sys_import_set_row_error',
  label: 'Import Set Row Error',
  fields: [
    { element: 'import_set', label: 'Import set', type: 'reference', reference: 'sys_import_set', whenGone: 'none' },
    { element: 'import_set_row', label: 'Import set row', type: 'reference', reference: 'sys_import_set_row', whenGone: 'none' },
    {
      element: 'import_set_run',
      label: 'Transform history',
      type: 'reference',
      reference: 'sys_import_set_run',
      whenGone: 'none',
    },
    { element: 'row', label: 'Row', type: 'integer' },
    { element: 'code', label: 'Code', type: 'integer', choice: 2, choices: rowErrorCodes },
    { element: 'field', label: 'Field', type: 'string', maxLength: 80 },
    { element: 'error', label: 'Error', type: 'string', maxLength: 4000, display: true },
  ],
  indexes: [{ columns: ['import_set'] }, { columns: ['import_set_row'] }],
  access: { read: importKeepers, create: [], write: [], delete: ['import_admin'] },
};
