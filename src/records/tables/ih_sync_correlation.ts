// Which record here belongs to which at the peer, under names that each side made up itself: no sys_id leaves the house.
import type { TableDefinition } from '../definition.ts';
import { exchangeReaders } from './sn_sb_connection.ts';

export const ihSyncCorrelation: TableDefinition = {
  name: 'ih_sync_correlation',
  label: 'Correlation',
  fields: [
    {
      element: 'local_correlation_id',
      label: 'Local correlation ID',
      type: 'token_id',
      maxLength: 40,
      display: true,
      unique: true,
    },
    { element: 'remote_correlation_id', label: 'Remote correlation ID', type: 'token_id', maxLength: 100 },
    { element: 'local_table', label: 'Local table', type: 'table_name', maxLength: 80 },
    { element: 'local_record', label: 'Local record', type: 'document_id' },
    { element: 'connection', label: 'Connection', type: 'reference', reference: 'sn_sb_connection', whenGone: 'delete' },
    { element: 'remote_task', label: 'Remote task', type: 'reference', reference: 'task', whenGone: 'delete' },
    { element: 'active', label: 'Active', type: 'boolean', default: 'true' },
  ],
  indexes: [
    { columns: ['connection', 'remote_correlation_id'], unique: true },
    { columns: ['remote_task'], unique: true },
    { columns: ['local_record'] },
  ],
  access: { read: exchangeReaders, create: [], write: [], delete: [] },
};
