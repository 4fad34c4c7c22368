// Client secrets that were replaced and are still taken for a while, so that a secret can be rotated without a gap. Closed to REST.
import type { TableDefinition } from '../definition.ts';

export const oauthRetiredSecret: TableDefinition = {
  name: 'oauth_retired_secret',
  label: 'OAuth Retired Secret',
  fields: [
    { element: 'oauth_entity', label: 'Application Registry', type: 'reference', reference: 'oauth_entity', whenGone: 'delete' },
    { element: 'client_secret', label: 'Client Secret (as it lay in the registry, sealed)', type: 'string', maxLength: 8192 },
    { element: 'expires', label: 'Expires', type: 'glide_date_time' },
  ],
  indexes: [{ columns: ['oauth_entity'] }],
  webServices: false,
};
