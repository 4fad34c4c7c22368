// Fields that no record of a page filled. A list reads them as one value, which is empty as long as all of them are: on SQLite a value
// costs as much when it is empty as when it is not, and of a whole record half are. Remembers names, never a value.
// It must not be believed: whoever reads by it looks at that one value, and reads everything where it is not empty.
import type { Value } from '../../store/store.ts';
import type { Column } from '../records.ts';
import { makeKept } from './kept.ts';

export interface SeldomSet {
  /** Of no other set. */
  readonly number: number;
  /** The keys of columns that were empty in all rows seen so far. */
  readonly keys: ReadonlySet<string>;
}

export interface SeldomFilled {
  /** Undefined where every column is to be read. */
  of(shape: string): SeldomSet | undefined;
  /** Whole rows of this shape. */
  learn(shape: string, columns: readonly Column[], rows: readonly (readonly Value[])[]): void;
}

/** Fewer rows say little about the next page. */
const fewRows = 10;
/** Fewer fields are not worth a statement of its own. */
const fewFields = 12;

export const makeSeldomFilled = (keptLimit: number): SeldomFilled => {
  /** Undefined: nothing was learned yet. */
  const known = makeKept<{ set: SeldomSet | undefined }>(keptLimit);
  const entryOf = (shape: string) => known.get(shape, () => ({ set: undefined }));
  let count = 0;
  return {
    of(shape) {
      const { set } = entryOf(shape);
      return set && set.keys.size > 0 ? set : undefined;
    },
    learn(shape, columns, rows) {
      const entry = entryOf(shape);
      const keys = entry.set?.keys;
      if (keys === undefined ? rows.length < fewRows : keys.size === 0) return;
      const empty = columns
        .filter(({ key, valueAt }) => valueAt > 0 && (keys?.has(key) ?? true) && rows.every((row) => row[valueAt] === null))
        .map(({ key }) => key);
      count += 1;
      entry.set = { number: count, keys: new Set(empty.length < fewFields ? [] : empty) };
    },
  };
};
