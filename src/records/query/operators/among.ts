// The condition that a field has (or has not) one of some values. Booleans need care: one that was never set counts as false.
import type { Value } from '../../../store/store.ts';
import { anyOf, type BoundCondition, never, type Path } from '../bound.ts';
import { natureOf } from '../values.ts';

export const among = (path: Path, values: readonly Value[], isNegated: boolean): BoundCondition => {
  const plain: BoundCondition = { kind: 'equals', path, values, isNegated };
  if (natureOf(path.field) !== 'boolean' || !values.includes(0)) return plain;
  if (!isNegated) return anyOf(plain, { kind: 'empty', path, isNegated: false });
  return values.includes(1) ? never : { kind: 'equals', path, values: [1], isNegated: false };
};
