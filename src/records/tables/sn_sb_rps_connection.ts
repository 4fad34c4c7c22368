// Which remote system of Remote Process Sync carries which connection.
import type { TableDefinition } from '../definition.ts';
import { exchangeReaders } from './sn_sb_connection.ts';

export const snSbRpsConnection: TableDefinition = {
  name: 'sn_sb_rps_connection',
  label: 'RPS Connection',
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
      element: 'remote_system',
      label: 'Remote system',
      type: 'reference',
      reference: 'ih_sync_remote_system',
      whenGone: 'delete',
      unique: true,
      readOnly: true,
    },
  ],
  access: { read: exchangeReaders, create: ['nobody'], write: ['nobody'], delete: ['nobody'] },
};
