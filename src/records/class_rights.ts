// Records that are read through a table which their own extends: what holds of their class holds of them there too.
// It must only narrow what the rules of the table itself allow.
import type { Caller } from './caller.ts';
import type { Field, Table } from './dictionary.ts';
import { anyOf, type BoundCondition } from './query/bound.ts';
import { noneOf } from './query/hidden_classes.ts';
import { ownPath } from './query/resolve.ts';
import type { Access, Rights } from './rights.ts';

/** A class below a table, with what its own rules say where that is less than all and not what the table's say. */
export interface Stricter {
  readonly of: Table;
  readonly access: Exclude<Access, 'all'>;
}

const isSame = (a: Access, b: Access): boolean => a === b || JSON.stringify(a) === JSON.stringify(b);

const stricterThan = (own: Access, classes: readonly Table[], accessOf: (of: Table) => Access): Stricter[] =>
  classes.flatMap((of) => {
    const access = accessOf(of);
    return access === 'all' || isSame(access, own) ? [] : [{ of, access }];
  });

export const stricterClasses = (rights: Rights, caller: Caller, table: Table): readonly Stricter[] =>
  caller.isSystem
    ? []
    : stricterThan(rights.on(caller, table, 'read'), rights.ruledBelow(table, 'rows'), (of) => rights.on(caller, of, 'read'));

/** Classes in which a field of `table` is not read as it is in the table's other rows. */
export const stricterForField = (rights: Rights, caller: Caller, table: Table, field: Field): readonly Stricter[] => {
  const classes = caller.isSystem ? [] : rights.ruledBelow(table, 'fields');
  if (classes.length === 0) return [];
  const own = rights.onField(caller, table, field, 'read');
  return stricterThan(own, classes, (of) => rights.onField(caller, of, of.fields.get(field.element) ?? field, 'read'));
};

/** What holds of the rows of `table` for that each is of none of these classes, or one that its class lets be read. */
export const asTheirClass = (
  table: Table,
  classes: readonly Stricter[],
  conditionOf: (stricter: Stricter) => BoundCondition | undefined,
): BoundCondition[] =>
  classes.flatMap((stricter) => {
    const [outside, condition] = [noneOf(table, [stricter.of]), conditionOf(stricter)];
    const [own, theirs] = [table.fields.get('sys_id'), stricter.of.fields.get('sys_id')];
    if (!outside) return [];
    if (!condition || !own || !theirs) return [outside];
    const [path, field] = [ownPath(own), ownPath(theirs)];
    return [anyOf(outside, { kind: 'within', path, table: stricter.of, field, condition, isNegated: false })];
  });
