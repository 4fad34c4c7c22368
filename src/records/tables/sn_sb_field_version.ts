// What is known of one field of a pair: the value last agreed upon, how often each side changed it, and when. It tells an echo from a
// change, and two changes at once from two in a row.
import type { TableDefinition } from '../definition.ts';
import { exchangeReaders } from './sn_sb_connection.ts';

export const snSbFieldVersion: TableDefinition = {
  name: 'sn_sb_field_version',
  label: 'Field Version',
  fields: [
    { element: 'remote_task', label: 'Remote task', type: 'reference', reference: 'task', whenGone: 'delete' },
    { element: 'element', label: 'Field', type: 'string', maxLength: 255 },
    { element: 'value', label: 'Value', type: 'string', maxLength: 65000 },
    { element: 'own_version', label: 'Own version', type: 'longint', default: '0' },
    { element: 'peer_version', label: 'Version of the peer', type: 'longint', default: '0' },
    // The peer did not take it: it is said again when the pair is connected again.
    { element: 'refused', label: 'Refused', type: 'boolean', default: 'false' },
    { element: 'changed_ms', label: 'Changed (ms)', type: 'longint', default: '0' },
  ],
  indexes: [{ columns: ['remote_task', 'element'], unique: true }],
  access: { read: exchangeReaders, create: [], write: [], delete: [] },
};
