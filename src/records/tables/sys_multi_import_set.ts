// Import sets that belong together: what one client sends in several calls.
import type { TableDefinition } from '../definition.ts';
import { importKeepers } from './sys_import_set.ts';

export const sysMultiImportSet: TableDefinition = {
  name: 'sys_multi_import_set',
  label: 'Multi Import Set',
  numberPrefix: 'MISET',
  fields: [
    { element: 'number', label: 'Number', type: 'string', maxLength: 40, display: true, readOnly: true },
    { element: 'short_description', label: 'Short description', type: 'string', maxLength: 255 },
  ],
  access: { read: importKeepers, create: importKeepers, write: importKeepers, delete: ['import_admin'] },
};
