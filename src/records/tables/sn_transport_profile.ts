// How delivery to one peer stands: one row per connection. Pauses and counters are kept by exchange/.
import type { TableDefinition } from '../definition.ts';

export const snTransportProfile: TableDefinition = {
  name: 'sn_transport_profile',
  label: 'Transport Profile',
  fields: [
    {
      element: 'connection',
      label: 'Connection',
      type: 'reference',
      reference: 'sn_sb_connection',
      whenGone: 'delete',
      unique: true,
      readOnly: true,
    },
    {
      element: 'pause',
      label: 'Paused by',
      type: 'token_id',
      maxLength: 20,
      readOnly: true,
      choice: 1,
      choices: { auth: 'Authentication', unavailable: 'Peer unavailable', breaker: 'Circuit breaker', admin: 'Administrator' },
    },
    { element: 'pause_code', label: 'Reason', type: 'token_id', maxLength: 100, readOnly: true },
    { element: 'pause_detail', label: 'Detail', type: 'string', maxLength: 1000, readOnly: true },
    { element: 'paused_at', label: 'Paused at', type: 'glide_date_time', readOnly: true },
    { element: 'probe_at', label: 'Next probe (ms)', type: 'longint', readOnly: true },
    { element: 'failures', label: 'Failures in a row', type: 'integer', default: '0', readOnly: true },
    { element: 'permanent_count', label: 'Permanent failures', type: 'integer', default: '0', readOnly: true },
    { element: 'transient_count', label: 'Transient failures', type: 'integer', default: '0', readOnly: true },
    { element: 'auth_count', label: 'Authentication failures', type: 'integer', default: '0', readOnly: true },
    { element: 'unavailable_count', label: 'Pauses asked for by the peer', type: 'integer', default: '0', readOnly: true },
  ],
  access: { read: ['sn_transport.admin', 'sn_sb.admin', 'sn_sb.read'], create: [], write: ['sn_transport.admin'], delete: [] },
};
