// `sla_dueMORETHANopened_at@day@before@3`: how far one moment of the row lies from another. Without the second half the two fields
// are simply compared. Units longer than a day count 7, 30, 91 and 365 days.
import { allOf, anyOf, type BoundCondition, type Path } from '../bound.ts';
import { natureOf } from '../values.ts';
import type { Operator } from './operator.ts';

const unitSeconds: ReadonlyMap<string, number> = new Map([
  ['minute', 60],
  ['hour', 3600],
  ['day', 86_400],
  ['dayofweek', 86_400],
  ['week', 7 * 86_400],
  ['month', 30 * 86_400],
  ['quarter', 91 * 86_400],
  ['year', 365 * 86_400],
]);

/** A century and a half: both engines can count that far from any moment there is. */
const farthestSeconds = 150 * 365 * 86_400;

const isMoment = ({ field }: Path): boolean => natureOf(field) === 'moment' || natureOf(field) === 'date';

export const trend: Operator = {
  tokens: ['MORETHAN', 'LESSTHAN'],
  bind({ path: left, operator, value }, scope): BoundCondition | undefined {
    const isMore = operator === 'MORETHAN';
    const [name = '', unit, direction, digits, ...more] = value.split('@');
    const right = scope.resolve(name);
    if (!right || more.length > 0) return undefined;
    if (unit === undefined) return { kind: 'fields', left, relation: isMore ? '>' : '<', right };
    const seconds = (unitSeconds.get(unit) ?? Number.NaN) * (/^\d{1,6}$/.test(digits ?? '') ? Number(digits) : Number.NaN);
    if (!isMoment(left) || !isMoment(right) || !(seconds <= farthestSeconds)) return undefined;
    const far = (ordering: '<' | '<=' | '>' | '>=', by: number) =>
      ({ kind: 'distance', left, ordering, right, seconds: by }) as const;
    const before = isMore ? far('<', -seconds) : allOf(far('>', -seconds), far('<=', 0));
    const after = isMore ? far('>', seconds) : allOf(far('<', seconds), far('>=', 0));
    if (direction === 'before') return before;
    if (direction === 'after') return after;
    return direction === 'before or after' ? anyOf(before, after) : undefined;
  },
};
