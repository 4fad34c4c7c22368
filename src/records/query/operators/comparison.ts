// `<`, `<=`, `>`, `>=` on numbers, moments and text (paging by sys_id needs text). Empty fields are on neither side.

import type { Value } from '../../../store/store.ts';
import { type BoundCondition, never, type Ordering, type Path } from '../bound.ts';
import { natureOf } from '../values.ts';
import type { Operator, Scope } from './operator.ts';

// A column of whole numbers is asked in whole numbers: PostgreSQL would refuse 1.5, and rounding would move the border.
const wholeBorder = (ordering: Ordering, value: Value): Value => {
  if (typeof value !== 'number' || Number.isInteger(value)) return value;
  return ordering === '>' || ordering === '<=' ? Math.floor(value) : Math.ceil(value);
};

/** The comparison with a text, read as the field reads it; undefined for a script that is not allowed. */
export const compareWith = (path: Path, ordering: Ordering, text: string, scope: Scope): BoundCondition | undefined => {
  const reading = scope.read(path, text);
  if (!reading) return undefined;
  if (reading.value === undefined || text === '') return never;
  const value = path.field.columnType === 'integer' ? wholeBorder(ordering, reading.value) : reading.value;
  return { kind: 'compare', path, ordering, value };
};

export const comparison: Operator = {
  tokens: ['<', '<=', '>', '>='],
  bind({ path, operator, value }, scope) {
    // `sys_id>` begins a walk by keys: every text comes after the empty one.
    if (value === '' && operator.startsWith('>') && natureOf(path.field) === 'text')
      return { kind: 'empty', path, isNegated: true };
    return compareWith(path, operator as Ordering, value, scope);
  },
};
