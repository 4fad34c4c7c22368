// Authorization codes on their way from the consent page to the token endpoint: hash only, once, for a minute. Closed to REST.
import type { TableDefinition } from '../definition.ts';

export const oauthAuthorizationCode: TableDefinition = {
  name: 'oauth_authorization_code',
  label: 'OAuth Authorization Code',
  fields: [
    { element: 'code_hash', label: 'Code hash', type: 'token_id', maxLength: 64 },
    { element: 'ticket', label: 'Consent', type: 'token_id', maxLength: 64 },
    { element: 'peer', label: 'Application Registry', type: 'reference', reference: 'oauth_entity', whenGone: 'delete' },
    { element: 'user', label: 'User', type: 'reference', reference: 'sys_user', whenGone: 'delete' },
    { element: 'redirect_uri', label: 'Redirect URL', type: 'string', maxLength: 4000 },
    { element: 'redirect_uri_sent', label: 'Redirect URL was sent', type: 'boolean', default: 'false' },
    { element: 'scopes', label: 'Scopes', type: 'string', maxLength: 4000 },
    { element: 'scopes_narrowed', label: 'Scopes narrowed by the client', type: 'boolean', default: 'false' },
    { element: 'code_challenge', label: 'Code challenge', type: 'string', maxLength: 43 },
    { element: 'expires', label: 'Expires', type: 'glide_date_time' },
    {
      element: 'state',
      label: 'State',
      type: 'string',
      maxLength: 20,
      choices: { fresh: 'Fresh', used: 'Used', replayed: 'Replayed' },
    },
    { element: 'family', label: 'Family', type: 'token_id', maxLength: 32 },
  ],
  indexes: [
    { columns: ['code_hash'], unique: true },
    { columns: ['ticket'], unique: true },
    { columns: ['family'] },
    { columns: ['expires'] },
  ],
  webServices: false,
};
