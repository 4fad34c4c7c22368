// GlideAggregate over the record layer's figures: the same rights and the same numbers as the Aggregate API.
// It must not count by itself.

import { isFault } from '../kit/fault.ts';
import type { Caller } from '../records/caller.ts';
import { fieldTypeOf } from '../records/field_types/index.ts';
import { makeCell } from '../records/present/cell.ts';
import { noNames } from '../records/present/names.ts';
import type { Figures, FiguresRequest, Records } from '../records/records.ts';
import type { Value } from '../store/store.ts';
import type { AggregateGroup, AggregateName, AggregateRequest, Aggregates } from './host/host_parts.ts';

type Measure = 'count' | 'avg' | 'min' | 'max' | 'sum';

const measures: Readonly<Record<AggregateName, Measure>> = { COUNT: 'count', SUM: 'sum', AVG: 'avg', MIN: 'min', MAX: 'max' };

const fieldsOf = ({ aggregates }: AggregateRequest, name: AggregateName): string[] =>
  aggregates.filter((one) => one.name === name && one.field !== '').map(({ field }) => field);

const askFor = (request: AggregateRequest): FiguresRequest => ({
  table: request.table,
  query: request.query,
  onInvalidTerm: 'match_nothing',
  display: 'all',
  // A count of a field is the count of each group of it, which GlideAggregate has asked for.
  count: request.aggregates.some(({ name }) => name === 'COUNT'),
  sum: fieldsOf(request, 'SUM'),
  avg: fieldsOf(request, 'AVG'),
  min: fieldsOf(request, 'MIN'),
  max: fieldsOf(request, 'MAX'),
  groupBy: request.groups,
  having: [],
  order: request.orders.map(({ aggregate, field, descending }) => {
    const isCount = aggregate === 'COUNT';
    return {
      ...(aggregate === undefined ? {} : { measure: measures[aggregate] }),
      ...(field === '' || isCount ? {} : { field }),
      isDescending: descending,
    };
  }),
});

const numbers = fieldTypeOf('decimal');

const textOf = ({ measure, path }: Figures['figures'][number], value: Value | undefined): string => {
  if (value === null || value === undefined) return '';
  const isOfField = path !== undefined && (measure === 'min' || measure === 'max');
  return isOfField ? fieldTypeOf(path.field.type).toText(value) : numbers.toText(value);
};

/** undefined for a table that the caller may not read: it is an empty one. */
const figuresFor = async (
  records: Pick<Records, 'figures'>,
  caller: Caller,
  request: AggregateRequest,
): Promise<Figures | undefined> => {
  try {
    return await records.figures(caller, askFor(request));
  } catch (error) {
    if (isFault(error, 'records.table_not_readable')) return undefined;
    throw error;
  }
};

export const makeAggregates = ({ records }: { records: Pick<Records, 'figures' | 'dictionary'> }): Aggregates => ({
  async aggregate(caller: Caller, request: AggregateRequest): Promise<AggregateGroup[]> {
    const answered = await figuresFor(records, caller, request);
    if (!answered) return [];
    const { figures, groups, rows } = answered;
    const options = { dictionary: records.dictionary(), linkBase: '', timeZone: caller.timeZone, formats: caller.formats };
    const cells = groups.map((group) => makeCell(group, options));
    const figureOf = (row: readonly Value[], { name, field }: AggregateRequest['aggregates'][number]): string => {
      const found = figures.find(
        ({ measure, path }) => measure === measures[name] && (name === 'COUNT' ? !path : path?.text === field),
      );
      return found ? textOf(found, row[found.at]) : '';
    };
    return rows.map((row) => ({
      groups: Object.fromEntries(
        cells.map((cell) => [cell.key, { value: cell.value([...row]), display: cell.shown([...row], noNames) }]),
      ),
      aggregates: Object.fromEntries(request.aggregates.map((one) => [`${one.name}:${one.field}`, figureOf(row, one)])),
    }));
  },
});
