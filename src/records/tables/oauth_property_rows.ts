// Properties of the OAuth room: the original's names where it has one. src/oauth/properties.ts reads them, with these values as fallbacks.
import { property } from './property_row.ts';

const prefix = 'com.snc.platform.security.oauth';

// glide.oauth.inbound.client.credential.grant_type.enabled is left out on purpose: as in the original an administrator creates it.
export const oauthPropertyRows: readonly Readonly<Record<string, string>>[] = [
  property('glide.oauth.inbound.ropc.grant_type.disabled', 'boolean', 'false', 'Turns the password grant off'),
  property('glide.oauth.state.parameter.required', 'boolean', 'true', 'An authorization request must carry a state'),
  property(
    'glide.oauth.allow.parameters.in.post.body.only',
    'boolean',
    'true',
    'OAuth parameters in the query string of the token endpoint are refused',
  ),
  property(
    'glide.oauth.token.scope.useraccount',
    'string',
    '5e1f1b0ad4a3401f8f3c9b6a7d20c0de',
    'sys_id of the auth scope that opens every API',
  ),
  property(
    'com.glide.rest.api.auth.scope.check.enable',
    'boolean',
    'true',
    'Auth scopes of APIs are checked against those of the token',
  ),
  property(
    'glide.security.response.authenticate.header.auth_profile.first_scheme_only',
    'boolean',
    'true',
    'A call refused by an access policy hears only of the profile that was mapped last',
  ),
  property(`${prefix}.day.old.credential.is.kept`, 'integer', '7', 'Days for which an expired credential is kept'),
  property(
    `${prefix}.hours.expired.credential.is.kept`,
    'integer',
    '0',
    'Hours for which an expired credential is kept, added to the days',
  ),
  property('com.snc.platform.security.token.auth.cleanup', 'boolean', 'true', 'Expired API keys are removed'),
  property(
    'com.snc.platform.security.token.auth.days.expired.api_key.is.kept',
    'integer',
    '7',
    'Days for which an expired API key is kept',
  ),
  property(
    'glide.authenticate.basic_auth.restriction.active',
    'boolean',
    'false',
    'Basic authentication is looked at by the restriction gate',
  ),
  property(
    'glide.authenticate.basic_auth.restriction.enforce',
    'boolean',
    'false',
    'The restriction gate refuses, instead of writing down only',
  ),
  property(
    'glide.authenticate.basic_auth.restriction.enforcement_date',
    'string',
    '',
    'Day (UTC) before which the restriction gate writes down only, though it is to refuse; empty: none',
  ),
  property(
    'glide.authenticate.basic_auth.restriction.default_decision',
    'string',
    'revoke',
    'maintain or revoke: of people of whom Basic Auth Exceptions say Default',
  ),
  property(
    'glide.authenticate.basic_auth.allow_snc_external',
    'string',
    '',
    'true, false: alone decides of users with the role snc_external; empty: they are judged like anybody',
  ),
  property(
    'glide.authenticate.basic_auth.allowed_roles',
    'string',
    'snc_basic_auth_api_access',
    'Roles that pass the restriction gate when held explicitly',
  ),
  property('glide.authenticate.basic_auth.allowed_users', 'string', '', 'sys_ids of users who pass the restriction gate'),
  property(
    'glide.authenticate.basic_auth.allow_wsao',
    'boolean',
    'true',
    'Users with web service access only pass the restriction gate',
  ),
  property('causeway.oauth.rfc6749', 'boolean', 'false', 'The token endpoint answers with the error codes of RFC 6749'),
  property('causeway.oauth.introspection.enabled', 'boolean', 'false', 'Token introspection (RFC 7662) is answered'),
  property(
    'causeway.oauth.rotate_public_refresh_tokens',
    'boolean',
    'true',
    'A public client gets a new refresh token at every refresh',
  ),
  property(
    'causeway.oauth.secret_overlap_seconds',
    'integer',
    '86400',
    'How long a replaced client secret is still taken; 0: not at all',
  ),
  property('causeway.oauth.signing_key_days', 'integer', '90', 'Age at which the key of JWT-format tokens is replaced'),
  property(
    'causeway.rehearsal.allow_misbinding',
    'boolean',
    'false',
    'The OAuth Application User may be set on an OAuth Provider record',
  ),
];
