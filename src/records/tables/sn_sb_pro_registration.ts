// An invitation of the provider to one consumer, from the code to Onboarded. Never the code: it is made anew from the instance key.
import type { TableDefinition } from '../definition.ts';
import { exchangeKeepers, exchangeReaders } from './sn_sb_connection.ts';

export const snSbProRegistration: TableDefinition = {
  name: 'sn_sb_pro_registration',
  label: 'Registration',
  extends: 'task',
  numberPrefix: 'SBREG',
  fields: [
    {
      element: 'registration_state',
      label: 'Registration state',
      type: 'string',
      maxLength: 40,
      readOnly: true,
      default: 'open',
      choices: {
        awaiting_validation: 'Awaiting Validation',
        open: 'Open',
        work_in_progress: 'Work in Progress',
        closed_complete: 'Closed Complete',
        closed_incomplete: 'Closed Incomplete',
        validation_failed: 'Validation Failed',
      },
    },
    { element: 'consumer_name', label: 'Consumer', type: 'string', maxLength: 100, readOnly: true },
    { element: 'connection_id', label: 'Connection ID', type: 'string', maxLength: 40, unique: true, readOnly: true },
    { element: 'consumer_url', label: 'Consumer URL', type: 'url', maxLength: 1024, mandatory: true, readOnly: true },
    { element: 'provider_url', label: 'Provider URL', type: 'url', maxLength: 1024, readOnly: true },
    { element: 'provider_name', label: 'Provider', type: 'string', maxLength: 100, readOnly: true },
    { element: 'provider_version', label: 'Provider version', type: 'string', maxLength: 40, readOnly: true },
    { element: 'channel', label: 'Channel', type: 'string', maxLength: 40, default: 'default', readOnly: true },
    { element: 'connection', label: 'Connection', type: 'reference', reference: 'sn_sb_pro_consumer_connection', readOnly: true },
    { element: 'auth_method', label: 'Authentication', type: 'string', maxLength: 40, readOnly: true },
    { element: 'code_expires', label: 'Code expires', type: 'glide_date_time', readOnly: true },
    { element: 'claimed_by', label: 'Claimed by', type: 'token_id', maxLength: 40, readOnly: true },
    { element: 'step', label: 'Step', type: 'token_id', maxLength: 40, readOnly: true },
    { element: 'step_at', label: 'Step since', type: 'glide_date_time', readOnly: true },
    { element: 'step_error', label: 'Error', type: 'string', maxLength: 1000, readOnly: true },
  ],
  access: { read: exchangeReaders, create: ['nobody'], write: exchangeKeepers, delete: ['nobody'] },
};
