// A guess, before the statement runs, whether it may read many rows. A wrong yes costs a hop to the reader thread; a wrong no holds
// up everyone behind it; so doubt means yes.
import type { Field } from '../../dictionary.ts';
import type { BoundCondition, BoundQuery, Path } from '../bound.ts';

export type IsIndexed = (field: Field) => boolean;

/** What is indexed where nobody says otherwise. */
export const usuallyIndexed: IsIndexed = (field) =>
  field.element === 'sys_id' ||
  field.isUnique ||
  field.type === 'reference' ||
  field.element === 'sys_updated_on' ||
  field.element === 'sys_created_on' ||
  field.element === 'number';

const isNarrowedBy = (condition: BoundCondition, isIndexed: IsIndexed): boolean => {
  const own = (path: Path): boolean => path.steps.length === 0 && isIndexed(path.field);
  switch (condition.kind) {
    case 'equals':
      return !condition.isNegated && (condition.values.length === 0 || own(condition.path));
    case 'all':
      return condition.of.some((each) => isNarrowedBy(each, isIndexed));
    case 'any':
      return condition.of.every((each) => isNarrowedBy(each, isIndexed));
    default:
      return false;
  }
};

const isPlain = (condition: BoundCondition): boolean =>
  condition.kind === 'compare' || (condition.kind === 'all' && condition.of.every(isPlain));

/** True when a page may take a walk through much of the table. `offset` is not known yet: a deep one is the caller's to judge. */
export const rowsMayScan = ({ condition, order }: BoundQuery, isIndexed: IsIndexed = usuallyIndexed): boolean => {
  if (isNarrowedBy(condition, isIndexed)) return false;
  const first = order[0]?.path;
  const isOrderIndexed = first === undefined || (first.steps.length === 0 && isIndexed(first.field));
  if (!isOrderIndexed) return true;
  if (condition.kind === 'all' && condition.of.length === 0) return false;
  // Paging by key: a border on the very field that the page is ordered by.
  const key = first?.field.element ?? 'sys_id';
  return !(isPlain(condition) && fieldsOf(condition).every((element) => element === key));
};

const fieldsOf = (condition: BoundCondition): string[] => {
  if (condition.kind === 'compare') return [condition.path.steps.length === 0 ? condition.path.field.element : ''];
  return condition.kind === 'all' ? condition.of.flatMap(fieldsOf) : [''];
};

/** A count reads every row it counts. */
export const countMayScan = ({ condition }: BoundQuery, isIndexed: IsIndexed = usuallyIndexed): boolean =>
  !isNarrowedBy(condition, isIndexed);
