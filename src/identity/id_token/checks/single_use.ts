// Was this token used before? Comes after everything that could make a token worthless, so that a forged one never uses up a jti.
import { Refusal } from '../../refusal.ts';
import { check } from '../check.ts';
import { claimNamed } from '../decode.ts';

export const singleUse = check(
  'single_use',
  ['decoded', 'registration'],
  async ({ decoded, registration, isRehearsal }, { jtis }) => {
    if (!registration.usesJti) return { isIdle: true };
    const value = claimNamed(decoded.claims, registration.jtiClaim);
    const jti = typeof value === 'string' || typeof value === 'number' ? String(value) : '';
    if (jti === '') {
      throw new Refusal('jti_missing', {
        line: `Failed in jti(JWT token_id) claim verification. Token has no claim '${registration.jtiClaim}'.`,
        expected: `a claim ${registration.jtiClaim}`,
        got: '(missing)',
      });
    }
    const use = {
      configuration: registration.configuration,
      jti,
      untilMs: (Number(decoded.claims.get('exp')) + registration.skewSeconds) * 1000,
    };
    const isFirst = isRehearsal ? !(await jtis.isUsed(use)) : await jtis.use(use);
    if (isFirst)
      return { expected: 'a token that was not used', got: isRehearsal ? 'not used; this look does not use it' : 'first use' };
    throw new Refusal('jti_replayed', {
      line: 'Failed in jti(JWT token_id) claim verification. Token is already used.',
      expected: 'a token that was not used',
      got: 'used before',
    });
  },
);
