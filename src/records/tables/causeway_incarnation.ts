// Which instance this database belongs to, and how far it has lived: one row. The same is written outside of the database, so that one that was
// restored or copied is told from the one that went on. Ours: the original has no such record. Kept by exchange/incarnation/ alone.
import type { TableDefinition } from '../definition.ts';
import { exchangeReaders } from './sn_sb_connection.ts';

export const causewayIncarnation: TableDefinition = {
  name: 'causeway_incarnation',
  label: 'Incarnation',
  fields: [
    { element: 'instance_id', label: 'Instance ID', type: 'token_id', maxLength: 40, display: true },
    { element: 'former_id', label: 'Instance ID before it was detached', type: 'token_id', maxLength: 40 },
    { element: 'incarnation', label: 'Incarnation', type: 'longint' },
    // Counts on while an instance runs: of two databases with one incarnation, the one that went on has the higher mark.
    { element: 'mark', label: 'Mark', type: 'longint' },
    { element: 'mark_by', label: 'Mark by', type: 'token_id', maxLength: 8 },
    // JSON: of each process that ever ran here the last mark it wrote.
    { element: 'history', label: 'History', type: 'string', maxLength: 8000 },
    { element: 'mark_at', label: 'Mark since', type: 'glide_date_time' },
    { element: 'base_url', label: 'Public address', type: 'string', maxLength: 255 },
    { element: 'place', label: 'Place of the database', type: 'token_id', maxLength: 100 },
    // Opens only under the instance key that the secrets beside it were sealed with.
    { element: 'seal', label: 'Seal', type: 'string', maxLength: 255 },
    { element: 'adopted_on', label: 'Adopted', type: 'glide_date_time' },
    { element: 'adopted_by', label: 'Adopted by', type: 'string', maxLength: 100 },
  ],
  access: { read: exchangeReaders, create: [], write: [], delete: [] },
};
