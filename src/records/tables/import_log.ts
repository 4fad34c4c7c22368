// What happened during imports: loads, transforms, and what transform scripts wrote with `log`.
import type { TableDefinition } from '../definition.ts';
import { importKeepers } from './sys_import_set.ts';

export const importLog: TableDefinition = {
  name: 'import_log',
  label: 'Import Log',
  fields: [
    { element: 'import_set', label: 'Import set', type: 'reference', reference: 'sys_import_set', whenGone: 'none' },
    { element: 'transform_map', label: 'Transform map', type: 'reference', reference: 'sys_transform_map', whenGone: 'none' },
    { element: 'row', label: 'Row', type: 'integer' },
    // Lines of one second have one sys_created_on.
    { element: 'sequence', label: 'Sequence', type: 'integer' },
    {
      element: 'level',
      label: 'Level',
      type: 'string',
      default: 'info',
      choices: { debug: 'Debug', info: 'Information', warn: 'Warning', error: 'Error' },
    },
    { element: 'source', label: 'Source', type: 'string', maxLength: 120 },
    { element: 'message', label: 'Message', type: 'string', maxLength: 4000, display: true },
  ],
  indexes: [{ columns: ['import_set', 'sequence'] }, { columns: ['sys_created_on'] }],
  access: { read: importKeepers, create: [], write: [], delete: ['import_admin'] },
};
