// A rule of a staged proxy: requests and answers get lost, late, doubled and out of order, and token endpoints fail, as a seed says.
import type { NetworkRule } from './staged_proxy.ts';

/** From 0 to 1, the same for the same seed. */
export const seededRandom = (seed: number): (() => number) => {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
};

export interface BadNetwork {
  readonly rule: NetworkRule;
  readonly counts: Record<'passed' | 'lost' | 'deaf' | 'doubled' | 'late' | 'token_failed', number>;
}

const wait = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

export const makeBadNetwork = (random: () => number): BadNetwork => {
  const counts = { passed: 0, lost: 0, deaf: 0, doubled: 0, late: 0, token_failed: 0 };
  return {
    counts,
    async rule({ path }, forward) {
      if (path.startsWith('/oauth_token.do') && random() < 0.1) {
        counts.token_failed += 1;
        return { status: 503, headers: { 'content-type': 'application/json' }, body: '{}' };
      }
      const chance = random();
      if (chance < 0.08) {
        counts.lost += 1;
        return undefined;
      }
      if (chance < 0.16) {
        counts.deaf += 1;
        await forward();
        return undefined;
      }
      if (chance < 0.24) {
        // The second copy arrives after later requests: doubled and out of order.
        counts.doubled += 1;
        void wait(random() * 400)
          .then(forward)
          .catch(() => {});
      } else if (chance < 0.4) {
        counts.late += 1;
        await wait(random() * 120);
      }
      const passed = await forward();
      counts.passed += 1;
      return passed;
    },
  };
};
