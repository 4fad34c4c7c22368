// Applications and providers that the instance knows: the Application Registries.
import type { FieldDefinition, TableDefinition } from '../definition.ts';
import { sdkClientRow } from './oauth_sdk_client.ts';

export const registryKeepers = ['oauth_admin', 'mi_admin'] as const;

/** Set where somebody who is no admin said who vouches for whom (rules/oidc_configurations.ts); an admin takes it away. */
export const barsAdmins: FieldDefinition = {
  element: 'bars_admins',
  label: 'Not for admins until an admin agrees',
  type: 'boolean',
  default: 'false',
};

const grantTypes = {
  password: 'Resource Owner Password Credentials',
  client_credentials: 'Client Credentials',
  authorization_code: 'Authorization Code',
  'urn:ietf:params:oauth:grant-type:jwt-bearer': 'JWT Bearer',
  'urn:ietf:params:oauth:grant-type:saml2-bearer': 'SAML2 Bearer',
};

/** What is not understood is refused: leaving it out would give a client more than was meant. */
const strict = { attributes: 'strict=true' };

export const oauthEntity: TableDefinition = {
  name: 'oauth_entity',
  label: 'Application Registries',
  extendable: true,
  audited: true,
  fields: [
    {
      element: 'name',
      label: 'Name',
      type: 'string',
      maxLength: 255,
      display: true,
      unique: true,
      mandatory: true,
      attributes: 'no_truncate=true',
    },
    {
      element: 'type',
      label: 'Type',
      type: 'string',
      default: 'client',
      choices: {
        client: 'OAuth Client',
        consumer: 'OAuth Provider',
        oauth_provider: 'OAuth Provider',
        auth_server: 'Authorization Server',
        snc_instance: 'Instance',
      },
    },
    { element: 'client_id', label: 'Client ID', type: 'string', maxLength: 512, attributes: 'no_truncate=true' },
    { element: 'client_secret', label: 'Client Secret', type: 'password2', maxLength: 4096 },
    { element: 'former_secret_until', label: 'Former Secret Taken Until', type: 'glide_date_time', readOnly: true },
    { element: 'former_secret_used', label: 'Former Secret In Use Since', type: 'glide_date_time', readOnly: true },
    { element: 'active', label: 'Active', type: 'boolean', default: 'true', ...strict },
    { element: 'redirect_url', label: 'Redirect URL', type: 'string', maxLength: 4000, attributes: 'no_truncate=true' },
    { element: 'logo_url', label: 'Logo URL', type: 'url', maxLength: 1024 },
    { element: 'login_url', label: 'Login URL', type: 'url', maxLength: 1024 },
    { element: 'comments', label: 'Comments', type: 'string', maxLength: 4000 },
    { element: 'access_token_lifespan', label: 'Access Token Lifespan', type: 'integer', default: '1800', ...strict },
    { element: 'refresh_token_lifespan', label: 'Refresh Token Lifespan', type: 'integer', default: '8640000', ...strict },
    { element: 'auth_code_lifespan', label: 'Authorization Code Lifespan', type: 'integer', default: '60', ...strict },
    {
      element: 'token_format',
      ...strict,
      label: 'Token Format',
      type: 'string',
      default: 'opaque',
      choices: { opaque: 'Opaque', jwt: 'JWT' },
    },
    { element: 'sub_claim', label: 'Subject Claim', type: 'string', maxLength: 80, default: 'sys_id' },
    { element: 'user', label: 'OAuth Application User', type: 'reference', reference: 'sys_user' },
    {
      element: 'default_grant_type',
      label: 'Default Grant Type',
      type: 'string',
      maxLength: 100,
      choice: 1,
      choices: grantTypes,
    },
    {
      element: 'inbound_grant_type',
      ...strict,
      label: 'Inbound Grant Type',
      type: 'string',
      choice: 1,
      choices: {
        jwt: 'JWT Bearer',
        oidc: 'OpenID Connect',
        authz_code: 'Authorization Code',
        client_credential: 'Client Credentials',
        client_credentials: 'Client Credentials',
        ropc: 'Resource Owner Password Credentials',
        internal: 'Internal',
        multiple: 'Multiple',
        default: 'Default',
        not_applicable: 'Not applicable',
        uncertain: 'Uncertain',
      },
    },
    { element: 'public_client', label: 'Public Client', type: 'boolean', default: 'false', ...strict },
    { element: 'use_pkce', label: 'Use PKCE', type: 'boolean', default: 'false' },
    {
      element: 'code_challenge_method',
      label: 'Code Challenge Method',
      type: 'string',
      default: 'S256',
      choice: 1,
      choices: { S256: 'S256', plain: 'Plain' },
    },
    { element: 'restricted_binding', label: 'Enforce Token Restrictions', type: 'boolean', default: 'false', ...strict },
    {
      element: 'scope_restriction_status',
      ...strict,
      label: 'Scope Restriction',
      type: 'string',
      default: 'unrestricted',
      choices: { unrestricted: 'Broadly scoped', restricted: 'Securely scoped', useraccount: 'User account' },
    },
    {
      element: 'client_type',
      label: 'Client Type',
      type: 'string',
      choice: 1,
      choices: {
        iframe_embedded: 'Embedded in a frame',
        integration_as_a_user: 'Integration as a user',
        integration_as_a_service: 'Integration as a service',
      },
    },
    { element: 'mobile_client', label: 'Mobile Client', type: 'boolean' },
    { element: 'provider_name', label: 'Provider name', type: 'string', maxLength: 255 },
    { element: 'sys_scope', label: 'Application', type: 'string', maxLength: 40, default: 'global' },
    {
      element: 'access',
      label: 'Accessible from',
      type: 'string',
      default: 'public',
      choices: { public: 'All application scopes', package_private: 'This application scope only' },
    },
    { element: 'auth_url', label: 'Authorization URL', type: 'url', maxLength: 1024 },
    { element: 'token_url', label: 'Token URL', type: 'url', maxLength: 1024 },
    { element: 'refresh_token_url', label: 'Refresh Token URL', type: 'url', maxLength: 1024 },
    { element: 'revoke_token_url', label: 'Token Revocation URL', type: 'url', maxLength: 1024 },
    {
      element: 'send_client_credentials_as',
      label: 'Send Credentials',
      type: 'string',
      default: 'request_body_parameter',
      choices: {
        request_body_parameter: 'In Request Body (Form URL-Encoded)',
        basic_authorization_header: 'As Basic Authorization Header',
        private_key_jwt: 'As Private Key JWT',
      },
    },
    { element: 'use_mutual_auth', label: 'Use mutual authentication', type: 'boolean' },
    { element: 'jwt_provider', label: 'JWT Provider', type: 'string', maxLength: 32 },
    { element: 'oauth_api_script', label: 'OAuth API Script', type: 'string', maxLength: 100 },
  ],
  indexes: [{ columns: ['client_id'] }, { columns: ['user'] }],
  rows: [sdkClientRow],
  access: { read: registryKeepers, create: registryKeepers, write: registryKeepers, delete: registryKeepers },
};
