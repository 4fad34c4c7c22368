// How far the consumer has come with an invitation it accepted: what lets a killed process go on, and abort remove what it made.
// Ours: the original keeps no such record, and its registrations get stuck.
import type { TableDefinition } from '../definition.ts';
import { exchangeReaders } from './sn_sb_connection.ts';

export const snSbOnboarding: TableDefinition = {
  name: 'sn_sb_onboarding',
  label: 'Onboarding',
  fields: [
    {
      element: 'connection',
      label: 'Connection',
      type: 'reference',
      reference: 'sn_sb_con_provider_connection',
      whenGone: 'delete',
      unique: true,
      readOnly: true,
    },
    { element: 'registration', label: 'Remote registration', type: 'token_id', maxLength: 32, readOnly: true },
    { element: 'code_secret', label: 'Code secret', type: 'password2', maxLength: 4096, readOnly: true },
    { element: 'code_expires', label: 'Code expires', type: 'glide_date_time', readOnly: true },
    { element: 'own_url', label: 'Own URL', type: 'url', maxLength: 1024, readOnly: true },
    {
      element: 'step',
      label: 'Step',
      type: 'string',
      maxLength: 40,
      readOnly: true,
      display: true,
      choices: { minted: 'Minted', delivered: 'Delivered', active: 'Active', aborting: 'Aborting', done: 'Done' },
    },
    { element: 'step_at', label: 'Step since', type: 'glide_date_time', readOnly: true },
    { element: 'step_error', label: 'Error', type: 'string', maxLength: 1000, readOnly: true },
  ],
  access: { read: exchangeReaders, create: ['nobody'], write: ['nobody'], delete: ['nobody'] },
  fieldAccess: { code_secret: { read: [], write: [] } },
};
