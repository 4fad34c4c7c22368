// The errors that doctor knows by name: one row per check.
import type { TableDefinition } from '../definition.ts';
import { exchangeReaders } from './sn_sb_connection.ts';

export const snSbKnownErrorCode: TableDefinition = {
  name: 'sn_sb_known_error_code',
  label: 'Known Error Code',
  fields: [
    { element: 'code', label: 'Code', type: 'string', maxLength: 40, display: true, unique: true, mandatory: true },
    { element: 'name', label: 'Name', type: 'string', maxLength: 255 },
    { element: 'category', label: 'Category', type: 'string', maxLength: 40, default: 'Connection' },
    { element: 'tier', label: 'Tier', type: 'string', maxLength: 40, default: 'Supervised' },
  ],
  access: { read: exchangeReaders, create: ['nobody'], write: ['nobody'], delete: ['nobody'] },
};
