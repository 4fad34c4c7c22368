// Keys with which the assertions of a JWT endpoint are verified: a certificate for RS and ES, a shared key for HS.
import type { TableDefinition } from '../definition.ts';

export const jwtVerifierMap: TableDefinition = {
  name: 'jwt_verifier_map',
  label: 'JWT Verifier Map',
  fields: [
    { element: 'name', label: 'Name', type: 'string', maxLength: 100, display: true },
    { element: 'oauth_jwt', label: 'OAuth JWT', type: 'reference', reference: 'oauth_jwt', whenGone: 'delete', mandatory: true },
    { element: 'kid', label: 'Kid', type: 'string', maxLength: 255 },
    { element: 'sys_certificate', label: 'Sys certificate', type: 'reference', reference: 'sys_certificate' },
    { element: 'shared_key', label: 'Shared Key', type: 'password2', maxLength: 4096 },
  ],
  indexes: [{ columns: ['oauth_jwt'] }],
  access: {
    read: ['oauth_admin', 'mi_admin'],
    create: ['oauth_admin', 'mi_admin'],
    write: ['oauth_admin', 'mi_admin'],
    delete: ['oauth_admin', 'mi_admin'],
  },
};
