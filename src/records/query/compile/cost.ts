// A guess, before the statement runs, whether it may read many rows. A wrong yes costs a hop to the reader thread; a wrong no holds
// up everyone behind it; so doubt means yes.
import type { Field } from '../../dictionary.ts';
import type { BoundCondition, BoundQuery, Path } from '../bound.ts';

export type IsIndexed = (field: Field) => boolean;

/** What is certain where nobody says more. */
export const surelyIndexed: IsIndexed = (field) => field.element === 'sys_id' || field.isUnique;

/** Few values, many rows each: an index leads to a good part of the table. */
const isCoarse = (field: Field): boolean =>
  field.choices.length > 0 || field.type === 'boolean' || field.type === 'choice' || field.type === 'sys_class_name';

/** The table of the field by whose index the condition leads to its rows; undefined when none does. */
const narrowedIn = (condition: BoundCondition, isNarrow: (field: Field) => boolean): string | undefined => {
  if (condition.kind === 'equals') {
    const { steps, field } = condition.path;
    return !condition.isNegated && steps.length === 0 && isNarrow(field) ? field.table : undefined;
  }
  if (condition.kind === 'all') {
    for (const each of condition.of) {
      const table = narrowedIn(each, isNarrow);
      if (table !== undefined) return table;
    }
  }
  if (condition.kind === 'any') {
    // Several indexes can be used together only where they are of one table.
    const tables = new Set(condition.of.map((each) => narrowedIn(each, isNarrow)));
    return tables.size === 1 ? [...tables][0] : undefined;
  }
  return undefined;
};

const isNothing = (condition: BoundCondition): boolean => condition.kind === 'any' && condition.of.length === 0;

/** Every term is a border of this very field, so that a page is read along its index. */
const isBorderOf = (element: string, condition: BoundCondition): boolean => {
  if (condition.kind === 'all') return condition.of.every((each) => isBorderOf(element, each));
  const isKey = (path: Path): boolean => path.steps.length === 0 && path.field.element === element;
  return condition.kind === 'compare' && isKey(condition.path);
};

/** True when a page may take a walk through much of the table. A deep offset is not known here: that is the caller's to judge. */
export const rowsMayScan = ({ condition, order }: BoundQuery, isIndexed: IsIndexed): boolean => {
  if (isNothing(condition) || narrowedIn(condition, (field) => isIndexed(field) && !isCoarse(field)) !== undefined) return false;
  const first = order[0]?.path;
  if (first && (first.steps.length > 0 || !isIndexed(first.field))) return true;
  if (isBorderOf(first?.field.element ?? 'sys_id', condition)) return false;
  // In the order of their keys, the rows of a coarse index need not be sorted: the page ends the walk.
  return order.length > 0 || narrowedIn(condition, isIndexed) === undefined;
};

/**
 * Many rows pass, and the order is that of another index: SQLite, which knows no statistics, goes by the index of the condition and sorts
 * all that pass. Those that come first in the order may well have the page.
 */
export const mayLieAhead = ({ condition, order }: BoundQuery, isIndexed: IsIndexed): boolean => {
  const first = order[0]?.path;
  if (!first || first.steps.length > 0 || first.field.element === 'sys_id' || !isIndexed(first.field)) return false;
  return narrowedIn(condition, isIndexed) !== undefined && !isBorderOf(first.field.element, condition);
};

/** A count reads every row it counts. */
export const countMayScan = ({ condition }: BoundQuery, isIndexed: IsIndexed): boolean =>
  !isNothing(condition) && narrowedIn(condition, (field) => isIndexed(field) && !isCoarse(field)) === undefined;
