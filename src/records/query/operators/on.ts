// `ONToday@start@end` and `NOTON…`: moments inside (outside) a span, both ends included. The label is for people and is not read,
// except where it is all there is: `ON2026-01-10`. NOTON also matches empty fields.
import { allOf, anyOf, type BoundCondition } from '../bound.ts';
import { natureOf, storedMoment } from '../values.ts';
import type { Operator } from './operator.ts';

export const on: Operator = {
  tokens: ['ON', 'NOTON'],
  bind({ path, operator, value }, scope): BoundCondition | undefined {
    const nature = natureOf(path.field);
    if (nature !== 'moment' && nature !== 'date') return undefined;
    const [label = '', from = label, to = from, ...more] = value.split('@');
    const start = scope.read(path, from)?.span;
    const end = scope.read(path, to)?.span;
    if (!start || !end || more.length > 0) return undefined;
    const first = storedMoment(path.field, start.fromMs, scope.timeZone);
    const last = storedMoment(path.field, end.toMs, scope.timeZone);
    if (operator === 'ON') {
      return allOf(
        { kind: 'compare', path, ordering: '>=', value: first },
        { kind: 'compare', path, ordering: '<=', value: last },
      );
    }
    return anyOf(
      { kind: 'compare', path, ordering: '<', value: first },
      { kind: 'compare', path, ordering: '>', value: last },
      { kind: 'empty', path, isNegated: false },
    );
  },
};
