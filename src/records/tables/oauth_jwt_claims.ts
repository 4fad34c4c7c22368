// Claims that an assertion must carry with exactly these values, beside those that are always checked.
import type { TableDefinition } from '../definition.ts';

export const oauthJwtClaims: TableDefinition = {
  name: 'oauth_jwt_claims',
  label: 'OAuth JWT Claim Validation',
  fields: [
    { element: 'oauth_jwt', label: 'OAuth JWT', type: 'reference', reference: 'oauth_jwt', whenGone: 'delete', mandatory: true },
    { element: 'claim_name', label: 'Claim Name', type: 'string', maxLength: 100, mandatory: true, display: true },
    {
      element: 'value_type',
      label: 'Claim Value Type',
      type: 'string',
      maxLength: 40,
      default: 'string',
      choices: { string: 'String', number: 'Number', boolean: 'Boolean', list_contains: 'List contains' },
      attributes: 'strict=true',
    },
    { element: 'claim_value', label: 'Claim Value', type: 'string', maxLength: 1000 },
  ],
  indexes: [{ columns: ['oauth_jwt'] }],
  access: {
    read: ['oauth_admin', 'mi_admin'],
    create: ['oauth_admin', 'mi_admin'],
    write: ['oauth_admin', 'mi_admin'],
    delete: ['oauth_admin', 'mi_admin'],
  },
};
