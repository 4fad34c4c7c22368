// Why a check usually fails and what to do about it, for those who know the registry but not the protocol (auth.md §12).
// Must not be shown to callers: only to admins, by the inspector.

import type { DecodedToken } from './id_token/decode.ts';
import type { RefusalReason } from './refusal.ts';

const hints: Partial<Record<RefusalReason, string>> = {
  entity_inactive: 'Activate both the OIDC entity and its provider configuration.',
  no_entity_for_issuer:
    'Register the provider: an OIDC entity with its client id, and a provider configuration with its metadata URL.',
  audience_mismatch: 'The client id of the entity must be the aud of the token, letter for letter; an API URI is legal there.',
  issuer_mismatch:
    'The metadata URL belongs to another tenant or server than the one that signed. Open it and compare its issuer with the iss of the token.',
  metadata_unreachable:
    'The instance itself must reach the metadata URL over https. Save the provider configuration again to see what it finds.',
  kid_unknown:
    'The provider has no such key. It may have rotated keys within the last minute, or the metadata URL lacks a query (Azure custom keys need ?appid=).',
  bad_signature: 'The token was changed, or was signed by another provider that uses the same key id.',
  expired: 'Fetch a fresh token. If the clocks differ, raise the clock skew of the entity (in seconds, 300 by default).',
  not_yet_valid:
    'Compare the clocks of provider and instance, or raise the clock skew of the entity (in seconds, 300 by default).',
  alg_not_allowed: 'Let the provider sign with RS256 or another asymmetric algorithm; shared-secret algorithms are never taken.',
  claim_mismatch: 'Compare the claim validation with the claim, its type included; matching by email demands email_verified.',
  jti_missing:
    'The provider issues no such claim: name the one it uses (Azure: uti) as JTI claim, or switch JTI verification off.',
  jti_replayed:
    'With JTI verification on, a token opens the door once. Fetch one token per call, or switch it off for reusable access tokens.',
  user_claim_missing: 'Name a claim that the token carries as user claim. It may need a scope at the provider (profile, email).',
  user_not_found: 'No user has that value in the user field. The column for the user ID is user_name, not user_id.',
  user_ambiguous: 'Several users share the value. Match on a field that is unique, such as user_name.',
  user_inactive: 'Activate the user.',
  user_locked: 'Unlock the user, or wait until the lock runs out.',
  scope_unregistered: 'Register the scopes of the token as OAuth entity scopes of the entity, or register none at all.',
  malformed_jwt: 'Send the token as the provider gave it: three parts between dots, unencrypted.',
};

const isEntra = (issuer: string): boolean => /^https:\/\/(sts\.windows\.net|login\.microsoftonline\.com)\//.test(issuer);

/** One or two sentences, or '' where there is nothing better to say than the check itself. */
export const hintFor = (
  reason: RefusalReason,
  facts: { expected?: string; got?: string },
  token: DecodedToken | undefined,
): string => {
  const general = hints[reason] ?? '';
  if (reason === 'malformed_jwt' && facts.got?.includes('JWE')) {
    return 'Encrypted tokens (JWE) are not taken on REST calls. Switch token encryption off for this client at the provider.';
  }
  if (reason === 'issuer_mismatch' && token && isEntra(token.issuer)) {
    return token.issuer.startsWith('https://sts.windows.net/')
      ? 'This is a version 1 token: use the metadata URL without /v2.0, or set the token version of the app registration to 2.'
      : 'This is a version 2 token: use the metadata URL that contains /v2.0.';
  }
  if (
    (reason === 'user_not_found' || reason === 'claim_mismatch') &&
    token &&
    isEntra(token.issuer) &&
    facts.expected?.includes('sub')
  ) {
    return `${general} At Entra the sub claim differs from application to application: use oid.`;
  }
  return general;
};
