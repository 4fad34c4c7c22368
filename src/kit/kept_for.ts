// What follows from an object that never changes, worked out once for each and let go with it: a pure memo.
// It must not be used where the answer depends on anything but that object.

/** The same as `make`. */
export const keptFor = <K extends object, V extends object | string>(make: (key: K) => V): ((key: K) => V) => {
  const kept = new WeakMap<K, V>();
  return (key) => {
    const known = kept.get(key);
    if (known !== undefined) return known;
    const made = make(key);
    kept.set(key, made);
    return made;
  };
};
