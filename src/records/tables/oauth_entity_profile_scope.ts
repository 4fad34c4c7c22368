// Which scopes of an entity a profile of it asks for.
import type { TableDefinition } from '../definition.ts';

export const oauthEntityProfileScope: TableDefinition = {
  name: 'oauth_entity_profile_scope',
  label: 'OAuth Entity Profile Scope',
  fields: [
    {
      element: 'oauth_entity_profile',
      label: 'OAuth Entity Profile',
      type: 'reference',
      whenGone: 'delete',
      reference: 'oauth_entity_profile',
      mandatory: true,
    },
    {
      element: 'oauth_entity_scope',
      label: 'OAuth Entity Scope',
      type: 'reference',
      whenGone: 'delete',
      reference: 'oauth_entity_scope',
      mandatory: true,
    },
  ],
  indexes: [{ columns: ['oauth_entity_profile'] }],
  access: {
    read: ['oauth_admin', 'mi_admin'],
    create: ['oauth_admin', 'mi_admin'],
    write: ['oauth_admin', 'mi_admin'],
    delete: ['oauth_admin', 'mi_admin'],
  },
};
