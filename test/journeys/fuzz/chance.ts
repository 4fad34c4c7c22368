// Dice that fall the same way whenever they are thrown with the same seed: what a seed and a number made can be made again.
// Must not be used for anything that has to be unguessable.

export interface Chance {
  /** From 0 up to, but not including, 1. */
  next(): number;
  /** A whole number from 0 up to, but not including, `count`. */
  below(count: number): number;
  /** True in `share` of the throws, from 0 to 1. */
  is(share: number): boolean;
  one<T>(list: readonly T[]): T;
  /** From `least` to `most` times what `make` makes. */
  several<T>(least: number, most: number, make: () => T): T[];
}

/** A stream of its own for every pair of seed and number (splitmix32). */
export const makeChance = (seed: number, at: number): Chance => {
  let state = (Math.imul(seed, 0x9e3779b1) ^ Math.imul(at + 1, 0x85ebca6b)) >>> 0;
  const next = () => {
    state = (state + 0x9e3779b9) >>> 0;
    let mixed = state;
    mixed = Math.imul(mixed ^ (mixed >>> 16), 0x21f0aaad);
    mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a2d97);
    return ((mixed ^ (mixed >>> 15)) >>> 0) / 2 ** 32;
  };
  const below = (count: number) => Math.floor(next() * count);
  return {
    next,
    below,
    is: (share) => next() < share,
    one: (list) => list[below(list.length)] as (typeof list)[number],
    several: (least, most, make) => Array.from({ length: least + below(most - least + 1) }, make),
  };
};
