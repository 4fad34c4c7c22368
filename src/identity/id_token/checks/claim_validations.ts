// Do the claims hold what the configuration demands? Compared by type, exactly; a missing claim is a mismatch.
import { Refusal, shownValue } from '../../refusal.ts';
import { check } from '../check.ts';
import { claimHolds } from '../claim_holds.ts';
import { claimNamed } from '../decode.ts';

export const claimValidations = check(
  'claim_validations',
  ['decoded', 'registration', 'algorithm'],
  ({ decoded, registration, algorithm, say }) => {
    const broken = registration.validations.find((validation) => !claimHolds(decoded.claims, validation));
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
