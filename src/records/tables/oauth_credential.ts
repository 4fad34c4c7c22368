// Tokens that this instance has issued or received. A row knows a token by its hash and shows it by its fingerprint; the token itself never
// stands here. Which rows belong together: `family` names one grant with everything that came of it.
import type { TableDefinition } from '../definition.ts';

export const oauthCredential: TableDefinition = {
  name: 'oauth_credential',
  label: 'OAuth Credential',
  fields: [
    { element: 'name', label: 'Name', type: 'string', maxLength: 100, display: true },
    {
      element: 'type',
      label: 'Type',
      type: 'string',
      maxLength: 40,
      choices: { access_token: 'Access Token', refresh_token: 'Refresh Token' },
      readOnly: true,
    },
    // Whose token it is stays as it was issued: who could change it would make an admin's of his own.
    {
      element: 'peer',
      label: 'Application Registry',
      type: 'reference',
      reference: 'oauth_entity',
      whenGone: 'delete',
      readOnly: true,
    },
    { element: 'user', label: 'User', type: 'reference', reference: 'sys_user', whenGone: 'delete', readOnly: true },
    { element: 'expires', label: 'Expires', type: 'glide_date_time' },
    { element: 'token_received', label: 'Token Received', type: 'password2', maxLength: 8192 },
    { element: 'token_hash', label: 'Token hash', type: 'token_id', maxLength: 64, readOnly: true },
    { element: 'token_fingerprint', label: 'Token fingerprint', type: 'string', maxLength: 12, readOnly: true },
    { element: 'token_nonce', label: 'Token nonce', type: 'string', maxLength: 64, readOnly: true },
    { element: 'oauth_requestor_profile', label: 'OAuth Requestor Profile', type: 'string', maxLength: 32 },
    { element: 'scopes', label: 'Scopes', type: 'string', maxLength: 4000, readOnly: true },
    { element: 'scopes_narrowed', label: 'Scopes narrowed by the client', type: 'boolean', default: 'false', readOnly: true },
    { element: 'grant_type', label: 'Grant type', type: 'string', maxLength: 100, readOnly: true },
    {
      element: 'format',
      label: 'Token format',
      type: 'string',
      maxLength: 40,
      choices: { opaque: 'Opaque', jwt: 'JWT' },
      readOnly: true,
    },
    { element: 'family', label: 'Family', type: 'token_id', maxLength: 32, readOnly: true },
    { element: 'reuse_key', label: 'Reuse key', type: 'token_id', maxLength: 64, readOnly: true },
    {
      element: 'state',
      label: 'State',
      type: 'string',
      maxLength: 40,
      default: 'live',
      choices: { live: 'Live', revoked: 'Revoked', rotated: 'Rotated' },
      readOnly: true,
    },
    { element: 'revoked_at', label: 'Revoked', type: 'glide_date_time', readOnly: true },
  ],
  indexes: [
    { columns: ['token_hash'], unique: true },
    { columns: ['reuse_key'], unique: true },
    { columns: ['family'] },
    { columns: ['peer', 'user'] },
    { columns: ['expires'] },
  ],
  // Rows are made by the token endpoint alone; the owner sees his own through Manage Tokens.
  access: { read: ['oauth_admin'], create: ['nobody'], write: ['oauth_admin'], delete: ['oauth_admin'] },
  fieldAccess: { token_hash: { read: ['nobody'], write: ['nobody'] }, token_nonce: { read: ['nobody'], write: ['nobody'] } },
};
