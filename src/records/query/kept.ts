// A bounded memory of what was made before: the least recently used goes first.

export interface Kept<T> {
  /** What was kept under `key`, else what `make` makes. It is kept unless `mayKeep` says no. */
  get(key: string, make: () => T, mayKeep?: (made: T) => boolean): T;
}

/** Texts longer than this are not worth their room. */
const keyLengthLimit = 8192;

export const makeKept = <T>(limit: number): Kept<T> => {
  const entries = new Map<string, T>();
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
      if (entries.size >= limit) {
        const oldest = entries.keys().next();
        if (!oldest.done) entries.delete(oldest.value);
      }
      entries.set(key, made);
      return made;
    },
  };
};
