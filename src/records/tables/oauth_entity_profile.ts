// How an application is used: a grant and its scopes. Each application has one default profile.
import type { TableDefinition } from '../definition.ts';
import { registryKeepers } from './oauth_entity.ts';

export const oauthEntityProfile: TableDefinition = {
  name: 'oauth_entity_profile',
  label: 'OAuth Entity Profile',
  audited: true,
  fields: [
    { element: 'name', label: 'Name', type: 'string', maxLength: 255, display: true },
    {
      element: 'oauth_entity',
      label: 'OAuth provider',
      type: 'reference',
      reference: 'oauth_entity',
      whenGone: 'delete',
      mandatory: true,
    },
    { element: 'grant_type', label: 'Grant type', type: 'string', maxLength: 100 },
    { element: 'default', label: 'Is default', type: 'boolean' },
    { element: 'jwt_provider', label: 'JWT Provider', type: 'string', maxLength: 32 },
  ],
  indexes: [{ columns: ['oauth_entity'] }],
  access: { read: registryKeepers, create: registryKeepers, write: registryKeepers, delete: registryKeepers },
};
