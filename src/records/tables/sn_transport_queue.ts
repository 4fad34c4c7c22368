// What travels between instances, in both directions: one row per message. Rows are made and moved on by exchange/ alone; an
// administrator may set Error to Ready (again) or to Skipped, and nothing else.
import type { TableDefinition } from '../definition.ts';

export const queueStates = {
  ready: 'Ready',
  running: 'Running',
  sent: 'Sent',
  processed: 'Processed',
  error: 'Error',
  skipped: 'Skipped',
} as const;

export const snTransportQueue: TableDefinition = {
  name: 'sn_transport_queue',
  label: 'Transport Queue',
  fields: [
    {
      element: 'connection',
      label: 'Connection',
      type: 'reference',
      reference: 'sn_sb_connection',
      whenGone: 'none',
      readOnly: true,
    },
    {
      element: 'direction',
      label: 'Direction',
      type: 'string',
      maxLength: 10,
      readOnly: true,
      choices: { outbound: 'Outbound', inbound: 'Inbound' },
    },
    { element: 'state', label: 'State', type: 'string', maxLength: 10, choice: 3, choices: queueStates },
    { element: 'lane', label: 'Lane', type: 'reference', reference: 'sn_transport_lane', whenGone: 'none', readOnly: true },
    { element: 'seq', label: 'Sequence', type: 'longint', readOnly: true },
    { element: 'message_id', label: 'Message ID', type: 'token_id', maxLength: 100, readOnly: true, display: true },
    { element: 'kind', label: 'Kind', type: 'string', maxLength: 20, readOnly: true },
    { element: 'operation', label: 'Operation', type: 'string', maxLength: 40, readOnly: true },
    { element: 'correlation_id', label: 'Correlation ID', type: 'token_id', maxLength: 100, readOnly: true },
    { element: 'base_version', label: 'Base version', type: 'token_id', maxLength: 100, readOnly: true },
    { element: 'schema_version', label: 'Schema version', type: 'token_id', maxLength: 20, readOnly: true },
    { element: 'payload', label: 'Payload', type: 'json', maxLength: 1_048_576, readOnly: true },
    { element: 'payload_hash', label: 'Payload hash', type: 'token_id', maxLength: 64, readOnly: true },
    { element: 'source_table', label: 'Source table', type: 'table_name', maxLength: 80, readOnly: true },
    { element: 'source', label: 'Source', type: 'document_id', readOnly: true },
    { element: 'attempts', label: 'Attempts', type: 'integer', default: '0', readOnly: true },
    { element: 'next_attempt_at', label: 'Next attempt', type: 'glide_date_time', readOnly: true },
    { element: 'lease_until', label: 'Lease until', type: 'glide_date_time', readOnly: true },
    {
      element: 'error_class',
      label: 'Error class',
      type: 'token_id',
      maxLength: 20,
      readOnly: true,
      choice: 1,
      choices: { permanent: 'Permanent', transient: 'Transient', auth: 'Authentication' },
    },
    { element: 'error_code', label: 'Error code', type: 'token_id', maxLength: 100, readOnly: true },
    { element: 'error_detail', label: 'Error', type: 'string', maxLength: 1000, readOnly: true },
    { element: 'http_status', label: 'HTTP status', type: 'integer', readOnly: true },
    { element: 'peer_ack_at', label: 'Acknowledged by peer', type: 'glide_date_time', readOnly: true },
    { element: 'parent_message_id', label: 'Parent message', type: 'token_id', maxLength: 100, readOnly: true },
  ],
  // State is in none of them: on PostgreSQL a row that only moves on touches no index where there is room for it beside itself. Claims go by
  // lane; errors have a class.
  indexes: [
    { columns: ['lane', 'seq'], unique: true },
    { columns: ['error_class', 'connection'], isSparse: true },
    { columns: ['source'], isSparse: true },
  ],
  fillPercent: 60,
  access: {
    read: ['sn_transport.admin', 'sn_sb.admin', 'sn_sb.read'],
    create: [],
    write: ['sn_transport.admin'],
    delete: [],
  },
};
