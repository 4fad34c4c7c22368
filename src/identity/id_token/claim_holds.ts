// Does a claim hold what a row of claim validations demands? The same for ID tokens and for assertions of the JWT bearer grant. Pure.
// Compared by type, exactly; a missing claim is a mismatch.
import { claimNamed } from './decode.ts';

export interface ClaimValidation {
  readonly claim: string;
  readonly type: string;
  readonly value: string;
}

type Comparison = (claim: unknown, demanded: string) => boolean;

/** One more kind of comparison is one more line; a kind that is not here never matches. */
const comparisons: ReadonlyMap<string, Comparison> = new Map<string, Comparison>([
  ['string', (claim, demanded) => claim === demanded],
  ['number', (claim, demanded) => typeof claim === 'number' && demanded.trim() !== '' && claim === Number(demanded)],
  ['boolean', (claim, demanded) => typeof claim === 'boolean' && String(claim) === demanded.trim().toLowerCase()],
  ['list_contains', (claim, demanded) => Array.isArray(claim) && claim.includes(demanded)],
]);

export const claimHolds = (claims: ReadonlyMap<string, unknown>, { claim, type, value }: ClaimValidation): boolean =>
  comparisons.get(type)?.(claimNamed(claims, claim), value) === true;
