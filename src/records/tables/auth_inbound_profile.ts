// A way of authenticating that an API access policy may list.
import type { TableDefinition } from '../definition.ts';

export const inboundAuthProfile: TableDefinition = {
  name: 'inbound_auth_profile',
  label: 'Inbound Authentication Profile',
  fields: [
    { element: 'name', label: 'Name', type: 'string', maxLength: 100, display: true, mandatory: true, unique: true },
    { element: 'active', label: 'Active', type: 'boolean', default: 'true' },
    {
      element: 'type',
      label: 'Type',
      type: 'string',
      maxLength: 40,
      mandatory: true,
      choices: {
        basic_auth: 'Basic Auth',
        oauth: 'OAuth',
        id_token: 'ID Token',
        certificate: 'Certificate based Auth',
        api_key: 'API Key',
      },
    },
    {
      element: 'std_http_auth',
      label: 'HTTP Authentication',
      type: 'reference',
      reference: 'std_http_auth',
      whenGone: 'restrict',
    },
    { element: 'oauth_entity', label: 'OAuth Entity', type: 'reference', reference: 'oauth_entity', whenGone: 'restrict' },
    { element: 'auth_parameter', label: 'Auth Parameter', type: 'string', maxLength: 100 },
    {
      element: 'auth_parameter_in',
      label: 'Auth Parameter in',
      type: 'string',
      maxLength: 20,
      default: 'header',
      choices: { header: 'Header', query: 'Query' },
    },
    { element: 'prefix', label: 'Prefix', type: 'string', maxLength: 40 },
  ],
  access: {
    read: ['oauth_admin', 'mi_admin'],
    create: ['oauth_admin', 'mi_admin'],
    write: ['oauth_admin', 'mi_admin'],
    delete: ['oauth_admin', 'mi_admin'],
  },
  rows: [
    { sys_id: '6a0c2d7e1b5f4c08912d3e4f5a6b7c81', name: 'ID Token', type: 'id_token' },
    { sys_id: '6a0c2d7e1b5f4c08912d3e4f5a6b7c82', name: 'OAuth Token', type: 'oauth' },
    { sys_id: '6a0c2d7e1b5f4c08912d3e4f5a6b7c83', name: 'Basic Auth', type: 'basic_auth' },
  ],
};
