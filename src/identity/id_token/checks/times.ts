// Is it valid now? `exp` is compulsory; `nbf` and `iat` are held to when they are there. The entity's skew goes both ways.
import { wireMoment } from '../../../kit/clock.ts';
import { Refusal, shownValue } from '../../refusal.ts';
import { check } from '../check.ts';
import type { DecodedToken } from '../decode.ts';

const secondsOf = (decoded: DecodedToken, name: string): number | undefined => {
  const value = decoded.claims.get(name);
  if (value === undefined) return undefined;
  if (typeof value !== 'number' || !Number.isFinite(value)) {
    throw new Refusal('malformed_jwt', { expected: `${name} in seconds since 1970`, got: shownValue(value) });
  }
  return value;
};

// Beyond what a calendar holds the number itself is shown.
const moment = (seconds: number): string => (Math.abs(seconds) < 8e12 ? `${wireMoment(seconds * 1000)} UTC` : String(seconds));

export const times = check('times', ['decoded', 'registration'], ({ decoded, registration }, { clock }) => {
  const now = clock.now() / 1000;
  const skew = registration.skewSeconds;
  const [exp, nbf, iat] = ['exp', 'nbf', 'iat'].map((name) => secondsOf(decoded, name));
  if (exp === undefined) throw new Refusal('expired', { expected: 'an exp claim', got: '(missing)' });
  if (now >= exp + skew) {
    throw new Refusal('expired', {
      line: `JWT verification failed. exception:com.auth0.jwt.exceptions.TokenExpiredException: The Token has expired on ${moment(exp)}.`,
      expected: `an exp after ${moment(now - skew)} (skew ${skew} s)`,
      got: `${moment(exp)}, ${Math.round(now - exp)} s ago`,
    });
  }
  for (const [name, from] of [
    ['nbf', nbf],
    ['iat', iat],
  ] as const) {
    if (from === undefined || from <= now + skew) continue;
    throw new Refusal('not_yet_valid', {
      line: `JWT verification failed. exception:com.auth0.jwt.exceptions.InvalidClaimException: The Token can't be used before ${moment(from)}.`,
      expected: `${name} before ${moment(now + skew)} (skew ${skew} s)`,
      got: `${moment(from)}, in ${Math.round(from - now)} s`,
    });
  }
  return { expected: `valid at ${moment(now)} (skew ${skew} s)`, got: `until ${moment(exp)}` };
});
