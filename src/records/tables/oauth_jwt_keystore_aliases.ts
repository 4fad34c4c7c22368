// Keys with which this instance signs its JWT-format tokens. The private half is sealed; retired keys stay published until their tokens are gone.
import type { TableDefinition } from '../definition.ts';

export const jwtKeystoreAliases: TableDefinition = {
  name: 'jwt_keystore_aliases',
  label: 'JWT Key',
  fields: [
    { element: 'name', label: 'Name', type: 'string', maxLength: 100, display: true },
    { element: 'kid', label: 'Kid', type: 'token_id', maxLength: 64, readOnly: true },
    { element: 'signing_algorithm', label: 'Signing Algorithm', type: 'string', maxLength: 40, default: 'RS256', readOnly: true },
    { element: 'public_key', label: 'Public key', type: 'string', maxLength: 8000, readOnly: true },
    { element: 'private_key', label: 'Private key', type: 'password2', maxLength: 8192, readOnly: true },
    { element: 'active', label: 'Active', type: 'boolean', default: 'true' },
    { element: 'current', label: 'Signs now', type: 'string', maxLength: 10, readOnly: true },
    { element: 'retired_at', label: 'Retired', type: 'glide_date_time' },
  ],
  indexes: [
    { columns: ['kid'], unique: true },
    { columns: ['current'], unique: true },
  ],
  access: { read: ['oauth_admin'] },
};
