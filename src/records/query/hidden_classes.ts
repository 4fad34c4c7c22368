// Records of classes that stay hidden from the one who asks, where a query meets them through a table that their class extends.
// Which classes they are is decided elsewhere.
import type { Table } from '../dictionary.ts';
import type { BoundCondition, Path } from './bound.ts';
import { ownPath } from './resolve.ts';

/** The classes below a table whose records are not seen behind a reference to it, nor in a block about it. */
export type HiddenBehind = (table: Table) => readonly Table[];

/** Rows of `table` of none of these classes; undefined: all are. */
export const noneOf = (table: Table, classes: readonly Table[]): BoundCondition | undefined => {
  const field = table.fields.get('sys_class_name');
  if (!field || classes.length === 0) return undefined;
  return { kind: 'equals', path: ownPath(field), values: classes.map(({ name }) => name), isNegated: true };
};

/** The same path, to which those records are as if the references to them were empty. */
export const pathPast = (hiddenBehind: HiddenBehind | undefined, path: Path): Path => {
  if (!hiddenBehind || path.steps.length === 0) return path;
  const steps = path.steps.map((step) => {
    const classes = hiddenBehind(step.target);
    return classes.length === 0 ? step : { ...step, hidden: classes };
  });
  return { ...path, steps };
};
