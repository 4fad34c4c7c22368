// One row per POST to a peer: what was sent, what came back, how long it took. Never a payload, never a token.
import type { TableDefinition } from '../definition.ts';

export const snTransportAttempt: TableDefinition = {
  name: 'sn_transport_attempt',
  label: 'Transport Attempt',
  fields: [
    {
      element: 'connection',
      label: 'Connection',
      type: 'reference',
      reference: 'sn_sb_connection',
      whenGone: 'none',
      readOnly: true,
    },
    { element: 'messages', label: 'Messages', type: 'json', maxLength: 8000, readOnly: true },
    { element: 'message_count', label: 'Message count', type: 'integer', readOnly: true },
    { element: 'outcome', label: 'Outcome', type: 'token_id', maxLength: 20, display: true, readOnly: true },
    { element: 'error_code', label: 'Error code', type: 'token_id', maxLength: 100, readOnly: true },
    { element: 'error_detail', label: 'Error', type: 'string', maxLength: 1000, readOnly: true },
    { element: 'http_status', label: 'HTTP status', type: 'integer', readOnly: true },
    { element: 'duration_ms', label: 'Duration (ms)', type: 'integer', readOnly: true },
    { element: 'retry_after_seconds', label: 'Retry after (s)', type: 'integer', readOnly: true },
  ],
  indexes: [{ columns: ['connection', 'sys_id'] }],
  access: { read: ['sn_transport.admin', 'sn_sb.admin', 'sn_sb.read'], create: [], write: [], delete: [] },
};
