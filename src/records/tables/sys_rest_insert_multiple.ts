// How insertMultiple treats the rows of a staging table; without a row: keys are labels or names, and the transform runs in the background.
import type { TableDefinition } from '../definition.ts';
import { importKeepers } from './sys_import_set.ts';

export const sysRestInsertMultiple: TableDefinition = {
  name: 'sys_rest_insert_multiple',
  label: 'REST Insert Multiple',
  fields: [
    {
      element: 'source_table',
      label: 'Source table',
      type: 'table_name',
      maxLength: 80,
      mandatory: true,
      unique: true,
      display: true,
    },
    {
      element: 'key_type',
      label: 'Keys are',
      type: 'string',
      default: 'column_label',
      choices: { column_label: 'Column label', column_name: 'Column name' },
    },
    {
      element: 'transform_mode',
      label: 'Transform',
      type: 'string',
      default: 'asynchronous',
      choices: { asynchronous: 'Asynchronous', synchronous: 'Synchronous' },
    },
  ],
  access: { read: importKeepers, create: ['import_admin'], write: ['import_admin'], delete: ['import_admin'] },
};
