// Keys that stand for a user. A row keeps the hash and shows the fingerprint; the key itself is shown once.
import type { TableDefinition } from '../definition.ts';

export const apiKey: TableDefinition = {
  name: 'api_key',
  label: 'REST API Key',
  fields: [
    { element: 'name', label: 'Name', type: 'string', maxLength: 100, display: true, mandatory: true },
    { element: 'user', label: 'User', type: 'reference', reference: 'sys_user', whenGone: 'delete', mandatory: true },
    { element: 'auth_scope', label: 'Auth Scope', type: 'reference', reference: 'sys_auth_scope', whenGone: 'restrict' },
    { element: 'token', label: 'Token', type: 'password2', maxLength: 4096 },
    { element: 'token_hash', label: 'Token hash', type: 'token_id', maxLength: 64, readOnly: true },
    { element: 'token_fingerprint', label: 'Token fingerprint', type: 'string', maxLength: 12, readOnly: true },
    { element: 'active', label: 'Active', type: 'boolean', default: 'true' },
    { element: 'expires', label: 'Expires', type: 'glide_date_time' },
    { element: 'last_used', label: 'Last used', type: 'glide_date_time', readOnly: true },
  ],
  indexes: [{ columns: ['token_hash'], unique: true }],
  access: {
    read: ['oauth_admin', 'mi_admin'],
    create: ['oauth_admin', 'mi_admin'],
    write: ['oauth_admin', 'mi_admin'],
    delete: ['oauth_admin', 'mi_admin'],
  },
  fieldAccess: { token_hash: { read: ['nobody'], write: ['nobody'] } },
};
