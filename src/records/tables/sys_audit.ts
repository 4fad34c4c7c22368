// Who changed what, from what to what. Written with the change, never by anybody.
import type { TableDefinition } from '../definition.ts';

export const sysAudit: TableDefinition = {
  name: 'sys_audit',
  label: 'Audit',
  fields: [
    { element: 'tablename', label: 'Table', type: 'table_name', maxLength: 80 },
    { element: 'documentkey', label: 'Document key', type: 'document_id' },
    { element: 'fieldname', label: 'Field', type: 'string', maxLength: 80 },
    { element: 'oldvalue', label: 'Old value', type: 'wide_text', maxLength: 65000 },
    { element: 'newvalue', label: 'New value', type: 'wide_text', maxLength: 65000 },
    { element: 'reason', label: 'Reason', type: 'string', maxLength: 40 },
    { element: 'user', label: 'User', type: 'string', maxLength: 40 },
    { element: 'record_checkpoint', label: 'Update count', type: 'integer' },
  ],
  indexes: [{ columns: ['documentkey', 'record_checkpoint'] }, { columns: ['sys_created_on'] }],
  access: { read: ['admin'], create: [], write: [], delete: [] },
};
