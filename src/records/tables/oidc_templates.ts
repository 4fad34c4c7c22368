// What the templates of the Application Registry know about well-known providers. What stands in capitals is to be replaced; while inactive nothing is fetched.

export interface OidcTemplate {
  readonly name: string;
  readonly metadataUrl: string;
  readonly userClaim: string;
  readonly userField: string;
}

export const oidcTemplates: readonly OidcTemplate[] = [
  {
    name: 'ADFS',
    metadataUrl: 'https://YOUR-ADFS-HOST/adfs/.well-known/openid-configuration',
    userClaim: 'upn',
    userField: 'user_name',
  },
  {
    name: 'Auth0',
    metadataUrl: 'https://YOUR-TENANT.auth0.com/.well-known/openid-configuration',
    userClaim: 'email',
    userField: 'email',
  },
  {
    name: 'Azure AD',
    metadataUrl: 'https://login.microsoftonline.com/YOUR-TENANT-ID/v2.0/.well-known/openid-configuration',
    userClaim: 'preferred_username',
    userField: 'user_name',
  },
  {
    name: 'Google',
    metadataUrl: 'https://accounts.google.com/.well-known/openid-configuration',
    userClaim: 'email',
    userField: 'email',
  },
  {
    name: 'Okta',
    metadataUrl: 'https://YOUR-ORG.okta.com/.well-known/openid-configuration',
    userClaim: 'preferred_username',
    userField: 'user_name',
  },
];
