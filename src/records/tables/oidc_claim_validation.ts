// Claims that a token must carry besides the standard ones.
import type { TableDefinition } from '../definition.ts';
import { registryKeepers } from './oauth_entity.ts';

export const oidcClaimValidation: TableDefinition = {
  name: 'oidc_claim_validation',
  label: 'OIDC Claim Validation',
  audited: true,
  fields: [
    {
      element: 'oidc_provider_configuration',
      label: 'OIDC Provider Configuration',
      type: 'reference',
      whenGone: 'delete',
      reference: 'oidc_provider_configuration',
      mandatory: true,
    },
    {
      element: 'claim_name',
      label: 'Claim name',
      type: 'string',
      maxLength: 255,
      display: true,
      mandatory: true,
      attributes: 'no_truncate=true',
    },
    {
      element: 'value_type',
      label: 'Claim value type',
      type: 'string',
      default: 'string',
      choices: { string: 'String', number: 'Number', boolean: 'Boolean', list_contains: 'List contains' },
      attributes: 'strict=true',
    },
    { element: 'claim_value', label: 'Claim value', type: 'string', maxLength: 1000, attributes: 'no_truncate=true' },
  ],
  indexes: [{ columns: ['oidc_provider_configuration'] }],
  access: { read: registryKeepers, create: registryKeepers, write: registryKeepers, delete: registryKeepers },
};
