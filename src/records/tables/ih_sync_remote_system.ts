// The peer as the transport (Remote Process Sync) sees it: whether rows may move, per direction. Says nothing about health.
import type { TableDefinition } from '../definition.ts';
import { exchangeKeepers, exchangeReaders } from './sn_sb_connection.ts';

const states = { disabled: 'Disabled', active: 'Active', error: 'Error' };

export const ihSyncRemoteSystem: TableDefinition = {
  name: 'ih_sync_remote_system',
  label: 'Remote System',
  audited: true,
  fields: [
    { element: 'name', label: 'Name', type: 'string', maxLength: 100, display: true },
    { element: 'external_id', label: 'External ID', type: 'token_id', maxLength: 32 },
    { element: 'outbound_state', label: 'Outbound state', type: 'string', maxLength: 20, default: 'disabled', choices: states },
    { element: 'inbound_state', label: 'Inbound state', type: 'string', maxLength: 20, default: 'disabled', choices: states },
    { element: 'inbound_api_user', label: 'Inbound API user', type: 'reference', reference: 'sys_user' },
    { element: 'run_as_user', label: 'Run as user', type: 'reference', reference: 'sys_user' },
  ],
  indexes: [{ columns: ['external_id'] }],
  access: { read: exchangeReaders, create: ['nobody'], write: exchangeKeepers, delete: ['nobody'] },
};
