// Calls that were admitted before, for the same proof of who calls: what admission looks at are rows, and rows have counters.
// Must not keep anything longer than the proof itself, nor a refusal.
import type { Identified } from '../identity/identity.ts';
import type { ApiCall } from './api_call.ts';

export interface Admitted {
  holds(identified: Identified, call: ApiCall): boolean;
  /** `stamp` was taken before the call was looked at. */
  keep(identified: Identified, call: ApiCall, stamp: number): void;
}

/** Of one proof; callers choose tables and versions, so there must be a bound. */
const callLimit = 100;

const keyOf = ({ api, pattern, version, method, table, remoteAddress }: ApiCall): string =>
  `${method} ${api} ${pattern} ${version} ${remoteAddress} ${table}`;

/** Proofs that are remembered (identity/remember.ts) are the same object each time; any other is new, and is looked at. */
export const makeAdmitted = (stamp: () => number): Admitted => {
  const known = new WeakMap<Identified, Map<string, number>>();
  return {
    holds: (identified, call) => known.get(identified)?.get(keyOf(call)) === stamp(),
    keep(identified, call, at) {
      const calls = known.get(identified) ?? new Map<string, number>();
      if (calls.size >= callLimit) calls.clear();
      calls.set(keyOf(call), at);
      known.set(identified, calls);
    },
  };
};
