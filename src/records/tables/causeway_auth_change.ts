// A change of the credentials of a connection, from the first pair that is minted beside the old one to the day on which the old one goes.
// One row on each side; what lets a killed process go on, or back. Ours: the original has no such record.
import type { TableDefinition } from '../definition.ts';
import { exchangeReaders } from './sn_sb_connection.ts';

export const causewayAuthChange: TableDefinition = {
  name: 'causeway_auth_change',
  label: 'Credential Change',
  fields: [
    {
      element: 'connection',
      label: 'Connection',
      type: 'reference',
      reference: 'sn_sb_connection',
      whenGone: 'delete',
      readOnly: true,
    },
    // The connection while the change is open, so that there is one at a time.
    { element: 'open_for', label: 'Open for', type: 'token_id', maxLength: 32, unique: true, readOnly: true },
    { element: 'operation', label: 'Operation', type: 'token_id', maxLength: 32, unique: true, readOnly: true, display: true },
    {
      element: 'kind',
      label: 'Kind',
      type: 'string',
      maxLength: 20,
      readOnly: true,
      choices: { upgrade: 'Upgrade to Client Credentials', rotate: 'Rotation of secrets' },
    },
    {
      element: 'side',
      label: 'Side',
      type: 'string',
      maxLength: 20,
      readOnly: true,
      choices: { leads: 'Leads', follows: 'Follows' },
    },
    {
      element: 'step',
      label: 'Step',
      type: 'string',
      maxLength: 20,
      readOnly: true,
      choices: {
        minted: 'Minted',
        stored: 'Stored',
        proven: 'Proven',
        flipped: 'Flipped',
        grace: 'Grace',
        done: 'Done',
        aborting: 'Rolling back',
        rolled_back: 'Rolled back',
      },
    },
    { element: 'step_at', label: 'Step since', type: 'glide_date_time', readOnly: true },
    { element: 'step_error', label: 'Error', type: 'string', maxLength: 1000, readOnly: true },
    { element: 'new_client', label: 'New OAuth Client', type: 'token_id', maxLength: 32, readOnly: true },
    { element: 'new_credential', label: 'New OAuth Provider', type: 'token_id', maxLength: 32, readOnly: true },
    { element: 'old_client', label: 'Old OAuth Client', type: 'token_id', maxLength: 32, readOnly: true },
    { element: 'old_credential', label: 'Old OAuth Provider', type: 'token_id', maxLength: 32, readOnly: true },
    { element: 'old_method', label: 'Old authentication', type: 'string', maxLength: 40, readOnly: true },
    { element: 'grace_until', label: 'Old pair is kept until', type: 'glide_date_time', readOnly: true },
    { element: 'worker', label: 'Worker', type: 'string', maxLength: 60, readOnly: true },
    { element: 'asked_by', label: 'Asked by', type: 'string', maxLength: 100, readOnly: true },
  ],
  indexes: [{ columns: ['connection'] }],
  access: { read: exchangeReaders, create: ['nobody'], write: ['nobody'], delete: ['nobody'] },
};
