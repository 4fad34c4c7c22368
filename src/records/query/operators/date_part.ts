// `DATEPARTMonday@javascript:gs.datePart('dayofweek','monday','EE')`: a part of a moment on the caller's wall clock.
import type { BoundCondition, DatePart, Relation } from '../bound.ts';
import { readCall } from '../call.ts';
import { natureOf } from '../values.ts';
import type { Operator } from './operator.ts';

const comparisons: ReadonlyMap<string, Relation> = new Map([
  ['EE', '='],
  ['GT', '>'],
  ['GE', '>='],
  ['LT', '<'],
  ['LE', '<='],
]);

const parts: ReadonlyMap<string, DatePart> = new Map(
  (['minute', 'hour', 'dayofweek', 'dayofmonth', 'week', 'month', 'quarter', 'year'] as const).map((part) => [part, part]),
);

const days = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'];
const months = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];

const numberOf = (part: DatePart, written: string): number | undefined => {
  if (/^\d{1,4}$/.test(written)) return Number(written);
  const names = part === 'dayofweek' ? days : part === 'month' ? months : [];
  const at = names.indexOf(written.toLowerCase().slice(0, 3));
  return at < 0 ? undefined : at + 1;
};

export const datePart: Operator = {
  tokens: ['DATEPART'],
  bind({ path, value }, scope): BoundCondition | undefined {
    const nature = natureOf(path.field);
    if (nature !== 'moment' && nature !== 'date') return undefined;
    const call = readCall(value.slice(value.indexOf('@') + 1));
    if (call?.name !== 'datePart' || call.arguments.length !== 3) return undefined;
    const [partName = '', written = '', code = ''] = call.arguments;
    const part = parts.get(partName);
    const relation = comparisons.get(code);
    const wanted = part && numberOf(part, written);
    if (!part || !relation || wanted === undefined) return undefined;
    return { kind: 'date_part', path, part, relation, value: wanted, zone: scope.timeZone };
  },
};
