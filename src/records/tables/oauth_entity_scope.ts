// Scopes that a token for an application may carry.
import type { TableDefinition } from '../definition.ts';
import { seedId } from '../seed_id.ts';
import { registryKeepers } from './oauth_entity.ts';
import { sdkClientRow } from './oauth_sdk_client.ts';

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
  // The command line asks for `openid` since its fourth version, for nothing before it. It is a name only: no ID token comes of it.
  rows: ['useraccount', 'openid'].map((scope) => ({
    sys_id: seedId('oauth_entity_scope', `sdk command line ${scope}`),
    name: scope,
    oauth_entity_scope: scope,
    oauth_entity: sdkClientRow.sys_id ?? '',
  })),
  access: { read: registryKeepers, create: registryKeepers, write: registryKeepers, delete: registryKeepers },
};
