// OAuth JWT API endpoints: clients that swap a JWT of their own for a token of ours (RFC 7523).
import type { TableDefinition } from '../definition.ts';

export const oauthJwt: TableDefinition = {
  name: 'oauth_jwt',
  label: 'OAuth JWT',
  extends: 'oauth_entity',
  fields: [
    { element: 'user_field', label: 'User Field', type: 'string', maxLength: 80, default: 'email' },
    {
      element: 'enable_jti_verification',
      label: 'Enable JTI Verification',
      type: 'boolean',
      default: 'true',
      attributes: 'strict=true',
    },
    { element: 'jti_claim', label: 'JTI Claim', type: 'string', maxLength: 80, default: 'jti' },
    { element: 'clock_skew', label: 'Clock Skew', type: 'integer', default: '300', attributes: 'strict=true' },
    { element: 'jwks_url', label: 'JWKS URL', type: 'url', maxLength: 1024 },
    { element: 'jwks_cache_lifespan', label: 'JWKS Cache Lifespan', type: 'integer', default: '720', attributes: 'strict=true' },
  ],
  access: {
    read: ['oauth_admin', 'mi_admin'],
    create: ['oauth_admin', 'mi_admin'],
    write: ['oauth_admin', 'mi_admin'],
    delete: ['oauth_admin', 'mi_admin'],
  },
};
