// `RELATIVEGT@hour@ago@4`: compared with a moment counted from now. RELATIVEEE asks for the whole hour, day, … of that moment.
import { fromWall, toWall } from '../../zoned.ts';
import { allOf, type BoundCondition, type Ordering } from '../bound.ts';
import { addPeriods, endOf, periodOf, startOf } from '../moments.ts';
import { natureOf, storedMoment } from '../values.ts';
import type { Operator } from './operator.ts';

const orderings: ReadonlyMap<string, Ordering | undefined> = new Map<string, Ordering | undefined>([
  ['RELATIVEGT', '>'],
  ['RELATIVEGE', '>='],
  ['RELATIVELT', '<'],
  ['RELATIVELE', '<='],
  ['RELATIVEEE', undefined],
]);

export const relative: Operator = {
  tokens: [...orderings.keys()],
  bind({ path, operator, value }, scope): BoundCondition | undefined {
    const nature = natureOf(path.field);
    const [, unit = '', direction, digits] = /^@([a-z]{1,20})@(ago|ahead)@(\d{1,6})$/.exec(value) ?? [];
    const period = periodOf(unit);
    if (!period || (nature !== 'moment' && nature !== 'date')) return undefined;
    const { atMs, timeZone } = scope.now();
    const wall = addPeriods(period, toWall(atMs, timeZone), (direction === 'ago' ? -1 : 1) * Number(digits));
    if (
      Number.isNaN(new Date(wall).getTime()) ||
      new Date(wall).getUTCFullYear() > 9999 ||
      new Date(wall).getUTCFullYear() < 1000
    )
      return undefined;
    const stored = (wallMs: number): string => storedMoment(path.field, fromWall(wallMs, timeZone), timeZone);
    const ordering = orderings.get(operator);
    if (ordering) return { kind: 'compare', path, ordering, value: stored(wall) };
    return allOf(
      { kind: 'compare', path, ordering: '>=', value: stored(startOf(period, wall)) },
      { kind: 'compare', path, ordering: '<=', value: stored(endOf(period, wall)) },
    );
  },
};
