// Scopes that a token for an application may carry.
import type { TableDefinition } from '../definition.ts';
import { registryKeepers } from './oauth_entity.ts';

export const oauthEntityScope: TableDefinition = {
  name: 'oauth_entity_scope',
  label: 'OAuth Entity Scope',
  audited: true,
  fields: [
    { element: 'name', label: 'Name', type: 'string', maxLength: 255, display: true },
    { element: 'oauth_entity_scope', label: 'OAuth scope', type: 'string', maxLength: 255, attributes: 'no_truncate=true' },
    {
      element: 'oauth_entity',
      label: 'OAuth entity',
      type: 'reference',
      reference: 'oauth_entity',
      whenGone: 'delete',
      mandatory: true,
    },
  ],
  indexes: [{ columns: ['oauth_entity'] }],
  access: { read: registryKeepers, create: registryKeepers, write: registryKeepers, delete: registryKeepers },
};
