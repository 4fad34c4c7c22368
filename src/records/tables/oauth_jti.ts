// Token ids that were used up. The unique index is what makes a token work once, however many requests race.
import type { TableDefinition } from '../definition.ts';

export const oauthJti: TableDefinition = {
  name: 'oauth_jti',
  label: 'Used Token ID',
  fields: [
    { element: 'configuration', label: 'Configuration', type: 'document_id' },
    // A key type, not a string: `a` and `A` are two token ids. Long ids arrive as a hash.
    { element: 'jti', label: 'Token ID', type: 'token_id', maxLength: 512, display: true, attributes: 'no_truncate=true' },
    { element: 'expires', label: 'Kept until', type: 'glide_date_time' },
  ],
  indexes: [{ columns: ['configuration', 'jti'], unique: true }, { columns: ['expires'] }],
  access: { read: ['oauth_admin'], create: [], write: [], delete: [] },
};
