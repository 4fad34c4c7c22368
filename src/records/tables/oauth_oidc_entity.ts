// Providers of OpenID Connect whose tokens open our doors. The templates are inactive until someone fills them in.
import type { TableDefinition } from '../definition.ts';
import { seedId } from '../seed_id.ts';
import { barsAdmins } from './oauth_entity.ts';
import { oidcTemplates } from './oidc_templates.ts';

export const oauthOidcEntity: TableDefinition = {
  name: 'oauth_oidc_entity',
  label: 'External OIDC Provider',
  extends: 'oauth_entity',
  audited: true,
  fields: [
    {
      element: 'oidc_provider_configuration',
      label: 'OAuth OIDC Provider Configuration',
      type: 'reference',
      reference: 'oidc_provider_configuration',
    },
    { element: 'clock_skew', label: 'Clock Skew', type: 'integer', default: '300', attributes: 'strict=true' },
    barsAdmins,
  ],
  indexes: [{ columns: ['oidc_provider_configuration'] }],
  fieldAccess: { bars_admins: { write: ['admin'] } },
  rows: oidcTemplates.map((template) => ({
    sys_id: seedId('oauth_oidc_entity', template.name),
    name: template.name,
    type: 'consumer',
    inbound_grant_type: 'oidc',
    client_id: `replace-with-the-client-id-at-${template.name.toLowerCase().replace(' ', '-')}`,
    active: 'false',
    comments: `Template. Enter the client id that ${template.name} gave the application, correct the metadata URL of the configuration, then activate both.`,
    oidc_provider_configuration: seedId('oidc_provider_configuration', template.name),
  })),
};
