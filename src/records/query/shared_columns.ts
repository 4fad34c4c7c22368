// One list of columns for all queries of a shape: what shows columns prepares itself once for each list.
import type { Column } from '../records.ts';
import { makeKept } from './kept.ts';

const isSame = (one: readonly Column[], other: readonly Column[]): boolean =>
  one === other ||
  (one.length === other.length &&
    one.every(({ key, field, valueAt, displayAt, grantedAt }, at) => {
      const same = other[at] as Column;
      return (
        key === same.key &&
        field === same.field &&
        valueAt === same.valueAt &&
        displayAt === same.displayAt &&
        grantedAt === same.grantedAt
      );
    }));

/** Answers the list that was first given for this key, as long as it is the same as this one. */
export const makeSharedColumns = (keptLimit: number): ((key: string, columns: readonly Column[]) => readonly Column[]) => {
  const lists = makeKept<readonly Column[]>(keptLimit);
  return (key, columns) => {
    const known = lists.get(key, () => columns);
    return isSame(known, columns) ? known : columns;
  };
};
