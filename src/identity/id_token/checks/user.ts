// Which user is it? The claim is compared with the user field as a value, never as query text; one match or none at all.
import { Refusal, shownValue } from '../../refusal.ts';
import { check } from '../check.ts';
import { claimNamed, type DecodedToken } from '../decode.ts';
import type { Registration } from '../registrations.ts';

const claimText = (decoded: DecodedToken, registration: Registration): string => {
  const value = registration.userClaim === '' ? undefined : claimNamed(decoded.claims, registration.userClaim);
  const text = typeof value === 'number' ? String(value) : value;
  if (typeof text === 'string' && text.trim() !== '') return text;
  throw new Refusal('user_claim_missing', {
    line: `User claim '${registration.userClaim}' is missing or empty`,
    expected: registration.userClaim === '' ? 'a user claim in the provider configuration' : `a claim ${registration.userClaim}`,
    got: shownValue(value),
  });
};

const refuseUnverifiedEmail = (decoded: DecodedToken, registration: Registration): void => {
  if (registration.userField !== 'email' && registration.userClaim !== 'email') return;
  const verified = decoded.claims.get('email_verified');
  // Some providers write booleans as text.
  if (verified !== false && verified !== 'false') return;
  throw new Refusal('claim_mismatch', {
    line: "JWT verification failed. exception:com.auth0.jwt.exceptions.InvalidClaimException: The Claim 'email_verified' value doesn't match the required one.",
    expected: 'email_verified that is not false',
    got: 'false',
  });
};

export const user = check('user', ['decoded', 'registration'], async (subject, { records, users, provisioner }) => {
  const { decoded, registration } = subject;
  const text = claimText(decoded, registration);
  refuseUnverifiedEmail(decoded, registration);
  const field = records.dictionary().table('sys_user')?.fields.get(registration.userField);
  const expected = `a user whose ${registration.userField} is the claim ${registration.userClaim}`;
  if (!field || field.column === '' || field.type.startsWith('password')) {
    throw new Refusal('user_not_found', { expected: 'a user field that sys_user has', got: shownValue(registration.userField) });
  }
  const matches = await users.byField(registration.userField, text);
  if (matches.length > 1)
    throw new Refusal('user_ambiguous', {
      expected: `exactly one: ${expected}`,
      got: `${matches.length} with ${shownValue(text)}`,
    });
  subject.user = matches[0];
  if (!subject.user && provisioner && !subject.isRehearsal) {
    const claims = Object.fromEntries(decoded.claims);
    const made = await provisioner.provision({ entity: registration.entity, configuration: registration.configuration, claims });
    subject.user = made === undefined ? undefined : await users.bySysId(made);
  }
  if (!subject.user) throw new Refusal('user_not_found', { expected, got: shownValue(text) });
  return { expected, got: subject.user.user_name ?? '' };
});
