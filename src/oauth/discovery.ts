// What this instance says of itself as an authorization server (RFC 8414). Says nothing that it does not do.

/** `issuer`: public base address, without a slash at the end. */
export const serverMetadata = (issuer: string, isIntrospectionOn: boolean): Record<string, unknown> => ({
  issuer,
  authorization_endpoint: `${issuer}/oauth_auth.do`,
  token_endpoint: `${issuer}/oauth_token.do`,
  revocation_endpoint: `${issuer}/oauth_revoke_token.do`,
  ...(isIntrospectionOn ? { introspection_endpoint: `${issuer}/oauth_introspect.do` } : {}),
  jwks_uri: `${issuer}/api/now/oauth/jwks`,
  response_types_supported: ['code'],
  response_modes_supported: ['query'],
  grant_types_supported: [
    'authorization_code',
    'refresh_token',
    'client_credentials',
    'password',
    'urn:ietf:params:oauth:grant-type:jwt-bearer',
  ],
  token_endpoint_auth_methods_supported: ['client_secret_basic', 'client_secret_post', 'none'],
  revocation_endpoint_auth_methods_supported: ['none'],
  code_challenge_methods_supported: ['S256'],
  authorization_response_iss_parameter_supported: true,
  scopes_supported: ['useraccount'],
});

/** The same for those who look under the OpenID Connect name; no ID tokens are issued, so only what that form requires is added. */
export const openidMetadata = (issuer: string, isIntrospectionOn: boolean): Record<string, unknown> => ({
  ...serverMetadata(issuer, isIntrospectionOn),
  subject_types_supported: ['public'],
  id_token_signing_alg_values_supported: ['RS256'],
});
