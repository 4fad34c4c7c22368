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

/** The calls of one proof, by what tells them apart, with the stamp that each was admitted at. */
interface Known {
  readonly calls: Map<string, number>;
  /** Nearly every call is like the one before: to see that costs less than to look it up. */
  last: ApiCall;
  lastAt: number;
}

const isLike = (one: ApiCall, other: ApiCall): boolean =>
  one.pattern === other.pattern &&
  one.table === other.table &&
  one.method === other.method &&
  one.version === other.version &&
  one.api === other.api &&
  one.remoteAddress === other.remoteAddress;

/** Proofs that are remembered (identity/remember.ts) are the same object each time; any other is new, and is looked at. */
export const makeAdmitted = (stamp: () => number): Admitted => {
  const known = new WeakMap<Identified, Known>();
  return {
    holds(identified, call) {
      const of = known.get(identified);
      if (!of) return false;
      const now = stamp();
      if (of.lastAt === now && isLike(of.last, call)) return true;
      if (of.calls.get(keyOf(call)) !== now) return false;
      [of.last, of.lastAt] = [call, now];
      return true;
    },
    keep(identified, call, at) {
      const calls = known.get(identified)?.calls ?? new Map<string, number>();
      if (calls.size >= callLimit) calls.clear();
      calls.set(keyOf(call), at);
      known.set(identified, { calls, last: call, lastAt: at });
    },
  };
};
