// What people did to the queue: who reprocessed, skipped or exported which rows, and what came of it.
import type { TableDefinition } from '../definition.ts';

export const snTransportAudit: TableDefinition = {
  name: 'sn_transport_audit',
  label: 'Transport Audit',
  fields: [
    { element: 'action', label: 'Action', type: 'token_id', maxLength: 20, display: true, readOnly: true },
    { element: 'filter', label: 'Filter', type: 'json', maxLength: 4000, readOnly: true },
    { element: 'row_count', label: 'Rows', type: 'integer', readOnly: true },
    { element: 'messages', label: 'First messages', type: 'json', maxLength: 8000, readOnly: true },
    { element: 'note', label: 'Note', type: 'string', maxLength: 1000, readOnly: true },
  ],
  access: { read: ['sn_transport.admin', 'sn_sb.admin', 'sn_sb.read'], create: [], write: [], delete: [] },
};
