// Certificates and public keys that others sign with. Public material only.
import type { TableDefinition } from '../definition.ts';

export const sysCertificate: TableDefinition = {
  name: 'sys_certificate',
  label: 'X.509 Certificate',
  fields: [
    { element: 'name', label: 'Name', type: 'string', maxLength: 100, display: true, mandatory: true },
    {
      element: 'type',
      label: 'Type',
      type: 'string',
      maxLength: 40,
      default: 'trust_store_cert',
      choices: { trust_store_cert: 'Trust Store Cert' },
    },
    { element: 'format', label: 'Format', type: 'string', maxLength: 40, default: 'pem', choices: { pem: 'PEM' } },
    { element: 'pem_certificate', label: 'PEM Certificate', type: 'string', maxLength: 16000 },
    { element: 'active', label: 'Active', type: 'boolean', default: 'true' },
  ],
  access: {
    read: ['oauth_admin', 'mi_admin'],
    create: ['oauth_admin', 'mi_admin'],
    write: ['oauth_admin', 'mi_admin'],
    delete: ['oauth_admin', 'mi_admin'],
  },
};
