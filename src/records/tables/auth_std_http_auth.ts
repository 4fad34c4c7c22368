// The HTTP scheme behind an inbound authentication profile.
import type { TableDefinition } from '../definition.ts';

export const stdHttpAuth: TableDefinition = {
  name: 'std_http_auth',
  label: 'Standard HTTP Authentication',
  fields: [
    { element: 'name', label: 'Name', type: 'string', maxLength: 100, display: true, mandatory: true },
    {
      element: 'type',
      label: 'Type',
      type: 'string',
      maxLength: 40,
      choices: { basic_auth: 'Basic Auth', id_token: 'ID Token', certificate: 'Certificate based Auth', oauth: 'OAuth' },
    },
    { element: 'oauth_entity', label: 'OAuth Entity', type: 'reference', reference: 'oauth_entity' },
  ],
  access: {
    read: ['oauth_admin', 'mi_admin'],
    create: ['oauth_admin', 'mi_admin'],
    write: ['oauth_admin', 'mi_admin'],
    delete: ['oauth_admin', 'mi_admin'],
  },
};
