// A map that forgets what was used longest ago, so that nobody can fill the memory by asking for new things.
// Must not be used where forgetting changes an answer: it is for caches only.

export interface BoundedMap<K, V> {
  /** Counts as use. */
  get(key: K): V | undefined;
  set(key: K, value: V): void;
  delete(key: K): void;
  clear(): void;
  readonly size: number;
}

/** What entries take beside their number, in a unit of the caller's, and how much of it all of them may take. */
export interface Room<K> {
  of(key: K): number;
  limit: number;
}

interface Entry<V> {
  value: V;
  /** The count of moves when it was put at the young end. */
  movedAt: number;
}

/** What alone would take more than the whole room is not kept, and drives nothing out. */
export const makeBoundedMap = <K, V>(limit: number, room?: Room<K>): BoundedMap<K, V> => {
  // A Map keeps the order of insertion: the first key is the one unused for longest.
  const entries = new Map<K, Entry<V>>();
  // To put an entry back at the young end costs more than to find it, so one of the younger half stays where it is: what was used is not
  // forgotten before half as many as there are have come after it.
  let moves = 0;
  let taken = 0;

  const remove = (key: K): void => {
    if (entries.delete(key) && room) taken -= room.of(key);
  };

  const put = (key: K, entry: Entry<V>): void => {
    moves += 1;
    entry.movedAt = moves;
    entries.set(key, entry);
  };

  const isFull = (): boolean => entries.size > limit || (room !== undefined && taken > room.limit);

  return {
    get(key) {
      const entry = entries.get(key);
      if (entry === undefined) return undefined;
      if (entry.movedAt !== moves && moves - entry.movedAt >= entries.size >> 1) {
        entries.delete(key);
        put(key, entry);
      }
      return entry.value;
    },
    set(key, value) {
      remove(key);
      if (room && room.of(key) > room.limit) return;
      put(key, { value, movedAt: 0 });
      if (room) taken += room.of(key);
      if (!isFull()) return;
      for (const oldest of entries.keys()) {
        remove(oldest);
        if (!isFull()) return;
      }
    },
    delete: remove,
    clear() {
      entries.clear();
      taken = 0;
    },
    get size() {
      return entries.size;
    },
  };
};
