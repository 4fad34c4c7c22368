// Which auth scopes an entity owns. Read live: an edit acts on tokens that are already out.
import type { TableDefinition } from '../definition.ts';

export const oauthEntityAuthScopeMapping: TableDefinition = {
  name: 'oauth_entity_auth_scope_mapping',
  label: 'OAuth Entity Auth Scope Mapping',
  fields: [
    {
      element: 'oauth_entity',
      label: 'Application Registry',
      type: 'reference',
      reference: 'oauth_entity',
      whenGone: 'delete',
      mandatory: true,
    },
    { element: 'auth_scope', label: 'Auth Scope', type: 'reference', reference: 'sys_auth_scope', mandatory: true },
  ],
  indexes: [{ columns: ['oauth_entity', 'auth_scope'], unique: true }],
  access: {
    read: ['oauth_admin', 'mi_admin'],
    create: ['oauth_admin', 'mi_admin'],
    write: ['oauth_admin', 'mi_admin'],
    delete: ['oauth_admin', 'mi_admin'],
  },
};
