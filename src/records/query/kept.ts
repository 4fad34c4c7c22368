// A bounded memory of what was made before: the least recently used goes first.
import { makeBoundedMap } from '../../kit/bounded_map.ts';

export interface Kept<T> {
  /** What was kept under `key`, else what `make` makes. It is kept unless `mayKeep` says no. */
  get(key: string, make: () => T, mayKeep?: (made: T) => boolean): T;
}

/** Texts longer than this are not worth their room. */
const keyLengthLimit = 8192;

/** Of all texts together: what is kept under a text grows with it. */
const keys = { of: (key: string) => key.length, limit: 1_048_576 };

export const makeKept = <T>(limit: number): Kept<T> => {
  const entries = makeBoundedMap<string, T>(limit, keys);
  return {
    get(key, make, mayKeep) {
      const known = entries.get(key);
      if (known !== undefined) return known;
      const made = make();
      if (key.length <= keyLengthLimit && mayKeep?.(made) !== false) entries.set(key, made);
      return made;
    },
  };
};
