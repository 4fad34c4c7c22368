// A bounded memory of what was made before: the least recently used goes first.

export interface Kept<T> {
  /** What was kept under `key`, else what `make` makes. It is kept unless `mayKeep` says no. */
  get(key: string, make: () => T, mayKeep?: (made: T) => boolean): T;
}

/** Texts longer than this are not worth their room. */
const keyLengthLimit = 8192;

/** Of all texts together: what is kept under a text grows with it. */
const keysLengthLimit = 1_048_576;

export const makeKept = <T>(limit: number): Kept<T> => {
  const entries = new Map<string, T>();
  let length = 0;
  return {
    get(key, make, mayKeep) {
      const known = entries.get(key);
      if (known !== undefined) {
        // A Map keeps the order of insertion: putting it back makes it the youngest.
        entries.delete(key);
        entries.set(key, known);
        return known;
      }
      const made = make();
      if (key.length > keyLengthLimit || mayKeep?.(made) === false) return made;
      length += key.length;
      for (const oldest of entries.keys()) {
        if (entries.size < limit && length <= keysLengthLimit) break;
        entries.delete(oldest);
        length -= oldest.length;
      }
      entries.set(key, made);
      return made;
    },
  };
};
