// Two fields of the same row: same, different, greater, less. Two moments may also be compared by the day, week, … they lie in:
// `opened_atSAMEASclosed_at@week`.
import type { BoundCondition, Relation } from '../bound.ts';
import { periodOf } from '../moments.ts';
import { natureOf } from '../values.ts';
import type { Operator } from './operator.ts';

const relations: ReadonlyMap<string, Relation> = new Map([
  ['SAMEAS', '='],
  ['NSAMEAS', '!='],
  ['GT_FIELD', '>'],
  ['GT_OR_EQUALS_FIELD', '>='],
  ['LT_FIELD', '<'],
  ['LT_OR_EQUALS_FIELD', '<='],
]);

export const fieldComparison: Operator = {
  tokens: [...relations.keys()],
  bind({ path: left, operator, value }, scope): BoundCondition | undefined {
    const relation = relations.get(operator);
    const [name = '', unit, ...more] = value.split('@');
    const right = scope.resolve(name);
    if (!relation || !right || more.length > 0) return undefined;
    if (unit === undefined) return { kind: 'fields', left, relation, right };
    const period = periodOf(unit);
    const areMoments = [left, right].every(({ field }) => natureOf(field) === 'moment' || natureOf(field) === 'date');
    if (!period || !areMoments || (relation !== '=' && relation !== '!=')) return undefined;
    return { kind: 'same_period', left, right, period, zone: scope.timeZone, isNegated: relation === '!=' };
  },
};
