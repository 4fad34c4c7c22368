// Transform history: what one map did with one import set.
import type { TableDefinition } from '../definition.ts';
import { importKeepers } from './sys_import_set.ts';

const counts = {
  total: 'Total',
  inserts: 'Inserts',
  updates: 'Updates',
  ignored: 'Ignored',
  skipped: 'Skipped',
  errors: 'Errors',
} as const;

export const sysImportSetRun: TableDefinition = {
  name: 'sys_import_set_run',
  label: 'Transform History',
  fields: [
    { element: 'set', label: 'Set', type: 'reference', reference: 'sys_import_set', whenGone: 'none' },
    { element: 'sys_transform_map', label: 'Transform map', type: 'reference', reference: 'sys_transform_map', whenGone: 'none' },
    {
      element: 'state',
      label: 'State',
      type: 'string',
      default: 'running',
      choices: {
        running: 'Running',
        complete: 'Complete',
        complete_with_errors: 'Complete with errors',
        cancelled: 'Cancelled',
        failed: 'Failed',
      },
    },
    ...Object.entries(counts).map(([element, label]) => ({ element, label, type: 'integer', default: '0' })),
    { element: 'completed', label: 'Completed', type: 'glide_date_time' },
    { element: 'message', label: 'Message', type: 'string', maxLength: 1000 },
  ],
  indexes: [{ columns: ['set', 'sys_transform_map'], unique: true }],
  access: { read: importKeepers, create: [], write: [], delete: ['import_admin'] },
};
