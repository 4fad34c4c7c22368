// Lanes of the transport queue: within one, messages go strictly in order. One row per connection, direction and name; the claim
// reads lanes, never the queue, so its cost does not grow with what waits. Kept by exchange/ alone.
import type { TableDefinition } from '../definition.ts';

export const snTransportLane: TableDefinition = {
  name: 'sn_transport_lane',
  label: 'Transport Lane',
  fields: [
    { element: 'connection', label: 'Connection', type: 'reference', reference: 'sn_sb_connection', whenGone: 'none' },
    {
      element: 'direction',
      label: 'Direction',
      type: 'token_id',
      maxLength: 10,
      choices: { outbound: 'Outbound', inbound: 'Inbound' },
    },
    { element: 'name', label: 'Name', type: 'token_id', maxLength: 255, display: true },
    { element: 'lane_rank', label: 'Rank', type: 'integer' },
    {
      element: 'state',
      label: 'State',
      type: 'token_id',
      maxLength: 10,
      choices: { idle: 'Idle', waiting: 'Waiting', leased: 'Leased', held: 'Held' },
    },
    // Milliseconds, because a lane may be due within the second. A leased lane is due when its lease ends.
    { element: 'due_at', label: 'Due (ms)', type: 'longint' },
    { element: 'last_seq', label: 'Last sequence', type: 'longint' },
    { element: 'done_seq', label: 'Done up to', type: 'longint' },
    { element: 'peer_seq', label: 'Stored by peer up to', type: 'longint' },
    { element: 'error_seq', label: 'Blocked by sequence', type: 'longint' },
    { element: 'gap_count', label: 'Gaps found', type: 'integer' },
    { element: 'failures', label: 'Failures in a row', type: 'integer' },
    { element: 'goes_alone', label: 'Sends one by one', type: 'integer' },
    { element: 'lease', label: 'Lease', type: 'token_id', maxLength: 100 },
    { element: 'waiting_since', label: 'Waiting since (ms)', type: 'longint' },
  ],
  indexes: [{ columns: ['connection', 'direction', 'state', 'lane_rank', 'due_at'] }],
  access: { read: ['sn_transport.admin', 'sn_sb.admin', 'sn_sb.read'], create: [], write: [], delete: [] },
};
