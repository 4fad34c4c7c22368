// One row per refused credential: what was wrong, what was expected, what came. Never a token, only its fingerprint.
import type { TableDefinition } from '../definition.ts';

export const causewayRefusal: TableDefinition = {
  name: 'causeway_refusal',
  label: 'Refusal',
  fields: [
    { element: 'time', label: 'Time', type: 'glide_date_time' },
    { element: 'reason', label: 'Reason', type: 'string', maxLength: 40, display: true },
    { element: 'transaction_id', label: 'Transaction', type: 'string', maxLength: 40 },
    { element: 'path_template', label: 'Path', type: 'string', maxLength: 255 },
    { element: 'scheme', label: 'Scheme', type: 'string', maxLength: 40 },
    { element: 'entity', label: 'Application', type: 'reference', reference: 'oauth_entity', whenGone: 'none' },
    {
      element: 'configuration',
      label: 'Provider configuration',
      type: 'reference',
      reference: 'oidc_provider_configuration',
      whenGone: 'none',
    },
    { element: 'expected', label: 'Expected', type: 'string', maxLength: 1000 },
    { element: 'got', label: 'Got', type: 'string', maxLength: 1000 },
    { element: 'user', label: 'User', type: 'reference', reference: 'sys_user', whenGone: 'none' },
    { element: 'token_fingerprint', label: 'Token fingerprint', type: 'string', maxLength: 40 },
    { element: 'leg', label: 'Leg', type: 'string', maxLength: 40 },
    { element: 'detail', label: 'Detail', type: 'string', maxLength: 4000 },
    { element: 'remote_address', label: 'Remote address', type: 'string', maxLength: 64 },
  ],
  indexes: [
    { columns: ['time'] },
    { columns: ['reason', 'time'] },
    { columns: ['token_fingerprint'] },
    { columns: ['transaction_id'] },
  ],
  access: { read: ['oauth_admin', 'mi_admin'], create: [], write: [], delete: [] },
};
