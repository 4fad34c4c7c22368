// What a link needs that still authenticates the old way: the peer's integration user and its password, and the latest refresh token.
import type { TableDefinition } from '../definition.ts';

export const causewayLegacyCredential: TableDefinition = {
  name: 'causeway_legacy_credential',
  label: 'Legacy Link Credential',
  fields: [
    {
      element: 'connection',
      label: 'Connection',
      type: 'reference',
      reference: 'sn_sb_connection',
      whenGone: 'delete',
      unique: true,
      mandatory: true,
    },
    { element: 'user_name', label: 'User', type: 'string', maxLength: 100 },
    { element: 'password', label: 'Password', type: 'password2', maxLength: 4096 },
    { element: 'refresh_token', label: 'Refresh token', type: 'password2', maxLength: 8192 },
    { element: 'refresh_expires', label: 'Refresh token expires', type: 'glide_date_time' },
  ],
  access: { read: ['sn_sb.admin'], create: ['sn_sb.admin'], write: ['sn_sb.admin'], delete: ['sn_sb.admin'] },
};
