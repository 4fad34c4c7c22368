// Which user is it? The claim is compared with the user field as a value, never as query text; one match or none at all.
import { isFault } from '../../../kit/fault.ts';
import type { Proven, Provisioner } from '../../parts.ts';
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

interface Known {
  readonly decoded: DecodedToken;
  readonly registration: Registration;
}

const provenOf = ({ decoded, registration: { entity, configuration } }: Known, userText: string): Proven => ({
  entity,
  configuration,
  userText,
  // Names of claims come from outside: no prototype to be reached through them.
  claims: Object.assign(Object.create(null), Object.fromEntries(decoded.claims)),
});

const refuseUnverifiedEmail = (decoded: DecodedToken, registration: Registration): void => {
  if (registration.userField !== 'email' && registration.userClaim !== 'email') return;
  const verified = decoded.claims.get('email_verified');
  // Some providers write booleans as text, and not all of them in lower case.
  if (String(verified).trim().toLowerCase() !== 'false') return;
  throw new Refusal('claim_mismatch', {
    line: "JWT verification failed. exception:com.auth0.jwt.exceptions.InvalidClaimException: The Claim 'email_verified' value doesn't match the required one.",
    expected: 'email_verified that is not false',
    got: 'false',
  });
};

/** sys_id of a user made from the claims of this token. */
const provision = async (proven: Proven, provisioner: Provisioner): Promise<string | undefined> => {
  try {
    return await provisioner.provision(proven);
  } catch (error) {
    if (!isFault(error, 'imports.provision_failed')) throw error;
    const why = error.detail ?? error.message;
    throw new Refusal('provision_failed', {
      line: `User provisioning failed: ${why}`,
      expected: 'a user made from the claims by data source and transform map',
      got: why,
    });
  }
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
  if (provisioner && !subject.isRehearsal) {
    if (!subject.user && registration.provisions) {
      const made = await provision(provenOf(subject, text), provisioner);
      subject.user = made === undefined ? undefined : await users.bySysId(made);
    } else if (subject.user?.sys_id && registration.updatesOnLogin) {
      await provisioner.refresh(provenOf(subject, text), subject.user.sys_id);
      subject.user = await users.bySysId(subject.user.sys_id);
    }
  }
  if (!subject.user) throw new Refusal('user_not_found', { expected, got: shownValue(text) });
  return { expected, got: subject.user.user_name ?? '' };
});
