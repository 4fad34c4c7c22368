// Do the claims hold what the configuration demands? Compared by type, exactly; a missing claim is a mismatch.
import { Refusal, shownValue } from '../../refusal.ts';
import { check } from '../check.ts';
import { claimNamed } from '../decode.ts';
import type { ClaimValidation } from '../registrations.ts';

type Comparison = (claim: unknown, demanded: string) => boolean;

/** One more kind of comparison is one more line; a kind that is not here never matches. */
const comparisons: ReadonlyMap<string, Comparison> = new Map<string, Comparison>([
  ['string', (claim, demanded) => claim === demanded],
  ['number', (claim, demanded) => typeof claim === 'number' && demanded.trim() !== '' && claim === Number(demanded)],
  ['boolean', (claim, demanded) => typeof claim === 'boolean' && String(claim) === demanded.trim().toLowerCase()],
  ['list_contains', (claim, demanded) => Array.isArray(claim) && claim.includes(demanded)],
]);

const holds = (claims: ReadonlyMap<string, unknown>, { claim, type, value }: ClaimValidation): boolean =>
  comparisons.get(type)?.(claimNamed(claims, claim), value) === true;

export const claimValidations = check(
  'claim_validations',
  ['decoded', 'registration', 'algorithm'],
  ({ decoded, registration, algorithm, say }) => {
    const broken = registration.validations.find((validation) => !holds(decoded.claims, validation));
    if (broken) {
      throw new Refusal('claim_mismatch', {
        line: `JWT verification failed. exception:com.auth0.jwt.exceptions.InvalidClaimException: The Claim '${broken.claim}' value doesn't match the required one.`,
        expected: `${broken.claim} (${broken.type}) ${shownValue(broken.value)}`,
        got: shownValue(claimNamed(decoded.claims, broken.claim)),
      });
    }
    say.debug(`JWT token sucessfully verified for algorithm=${algorithm.name}`);
    if (registration.validations.length === 0) return { isIdle: true };
    return { expected: registration.validations.map(({ claim }) => claim).join(', '), got: 'all as demanded' };
  },
);
