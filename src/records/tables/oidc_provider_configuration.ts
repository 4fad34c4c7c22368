// Where a provider's metadata is, which claim names the user, and whether a token works once only.
import type { TableDefinition } from '../definition.ts';
import { seedId } from '../seed_id.ts';
import { barsAdmins, registryKeepers } from './oauth_entity.ts';
import { oidcTemplates } from './oidc_templates.ts';

export const oidcProviderConfiguration: TableDefinition = {
  name: 'oidc_provider_configuration',
  label: 'OAuth OIDC Provider Configuration',
  audited: true,
  fields: [
    { element: 'name', label: 'OIDC Provider', type: 'string', maxLength: 255, display: true },
    {
      element: 'oidc_url',
      label: 'OIDC Metadata URL',
      type: 'url',
      maxLength: 1024,
      mandatory: true,
      attributes: 'no_truncate=true',
    },
    {
      element: 'oidc_config_cache_life_span',
      label: 'OIDC Configuration Cache Life Span (Minutes)',
      type: 'integer',
      default: '120',
      attributes: 'strict=true',
    },
    {
      element: 'user_claim',
      label: 'User Claim',
      type: 'string',
      maxLength: 255,
      mandatory: true,
      attributes: 'no_truncate=true',
    },
    {
      element: 'user_field',
      label: 'User Field',
      type: 'field_name',
      maxLength: 80,
      mandatory: true,
      attributes: 'no_truncate=true',
    },
    {
      element: 'enable_jti_verification',
      label: 'Enable JTI claim verification',
      type: 'boolean',
      default: 'false',
      attributes: 'strict=true',
    },
    { element: 'jti_claim', label: 'JTI Claim', type: 'string', maxLength: 255, default: 'jti' },
    { element: 'active', label: 'Active', type: 'boolean', default: 'true', attributes: 'strict=true' },
    { element: 'auto_provision', label: 'Automatically provision users', type: 'boolean', default: 'false' },
    { element: 'provision_data_source', label: 'Provision data source', type: 'reference', reference: 'sys_data_source' },
    {
      element: 'provision_roles',
      label: 'User roles applied to provisioned users',
      type: 'glide_list',
      reference: 'sys_user_role',
      attributes: 'no_truncate=true',
    },
    { element: 'update_on_login', label: 'Update users when they call', type: 'boolean', default: 'false' },
    {
      element: 'discovery_state',
      label: 'Metadata check',
      type: 'string',
      choice: 1,
      choices: { reachable: 'Reachable', unreachable: 'Unreachable', invalid: 'Invalid', not_checked: 'Not checked' },
      readOnly: true,
    },
    { element: 'discovery_message', label: 'Metadata check message', type: 'string', maxLength: 1000, readOnly: true },
    { element: 'discovered_issuer', label: 'Issuer in the metadata', type: 'string', maxLength: 1024, readOnly: true },
    { element: 'discovered_at', label: 'Metadata checked', type: 'glide_date_time', readOnly: true },
    barsAdmins,
  ],
  indexes: [{ columns: ['discovered_issuer'] }],
  access: { read: registryKeepers, create: registryKeepers, write: registryKeepers, delete: registryKeepers },
  fieldAccess: { bars_admins: { write: ['admin'] } },
  rows: oidcTemplates.map((template) => ({
    sys_id: seedId('oidc_provider_configuration', template.name),
    name: template.name,
    oidc_url: template.metadataUrl,
    user_claim: template.userClaim,
    user_field: template.userField,
    active: 'false',
    discovery_state: 'not_checked',
  })),
};
