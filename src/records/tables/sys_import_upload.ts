// Uploaded files until they are loaded: pieces in base64, in order. Closed to everyone: what is in them may be nobody else's business.
import type { TableDefinition } from '../definition.ts';

export const sysImportUpload: TableDefinition = {
  name: 'sys_import_upload',
  label: 'Import Upload',
  fields: [
    { element: 'job', label: 'Job', type: 'document_id' },
    { element: 'position', label: 'Position', type: 'integer' },
    { element: 'data', label: 'Data', type: 'json', maxLength: 400_000, attributes: 'no_truncate=true' },
  ],
  indexes: [{ columns: ['job', 'position'], unique: true }],
  access: { read: [], create: [], write: [], delete: [] },
  webServices: false,
};
