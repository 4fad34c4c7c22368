// `BETWEENa@b`, both ends included. A day at the upper end reaches to its last second.
import { allOf } from '../bound.ts';
import { storedMoment } from '../values.ts';
import { compareWith } from './comparison.ts';
import type { Operator } from './operator.ts';

/** `a@b` in two. An `@` inside quotes cannot occur in anything that may stand here. */
export const twoParts = (value: string): readonly [string, string] | undefined => {
  const parts = value.split('@');
  const [from, to] = parts;
  return parts.length === 2 && from && to ? [from, to] : undefined;
};

export const between: Operator = {
  tokens: ['BETWEEN'],
  bind({ path, value }, scope) {
    const ends = twoParts(value);
    if (!ends) return undefined;
    const lower = compareWith(path, '>=', ends[0], scope);
    const upper = compareWith(path, '<=', ends[1], scope);
    if (!lower || !upper) return undefined;
    const span = scope.read(path, ends[1])?.span;
    const last =
      span && upper.kind === 'compare' ? { ...upper, value: storedMoment(path.field, span.toMs, scope.timeZone) } : upper;
    return allOf(lower, last);
  },
};
