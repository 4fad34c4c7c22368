// The sysparm_* of the Aggregate API → what is counted, measured, grouped and ordered (data_api.md §4.1).
// It must not know fields: names that are none are left out further down.
import type { FiguresRequest } from '../../records/records.ts';
import type { Parameters } from '../parameters.ts';

type Measure = NonNullable<FiguresRequest['order'][number]['measure']>;
type Relation = FiguresRequest['having'][number]['relation'];

const measures: ReadonlyMap<string, Measure> = new Map([
  ['count', 'count'],
  ['avg', 'avg'],
  ['min', 'min'],
  ['max', 'max'],
  ['sum', 'sum'],
]);

const relations: ReadonlyMap<string, Relation> = new Map([
  ['=', '='],
  ['!=', '!='],
  ['>', '>'],
  ['>=', '>='],
  ['<', '<'],
  ['<=', '<='],
]);

/** Each becomes an expression of a statement. */
const mostNames = 100;

const namesIn = (text: string | undefined): string[] =>
  (text ?? '')
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '')
    .slice(0, mostNames);

/** `count^priority^>^3` */
const readHaving = (text: string): FiguresRequest['having'] => {
  const [word = '', field = '', sign = '', ...rest] = text.split('^').map((piece) => piece.trim());
  const [measure, relation] = [measures.get(word.toLowerCase()), relations.get(sign)];
  return measure && relation ? [{ measure, field, relation, value: rest.join('^') }] : [];
};

/** `state`, `state^DESC`, `AVG^reassignment_count`, `COUNT^DESC`. Measures are in capitals, so that a field may have their name. */
const readOrder = (text: string): FiguresRequest['order'][number] => {
  const words = text.split('^').map((piece) => piece.trim());
  const isDescending = words.length > 1 && words.at(-1)?.toUpperCase() === 'DESC';
  const [first = '', second] = isDescending ? words.slice(0, -1) : words;
  const measure = first === first.toUpperCase() ? measures.get(first.toLowerCase()) : undefined;
  if (measure) return { measure, ...(second ? { field: second } : {}), isDescending };
  return { field: first, isDescending };
};

export const askedFigures = (
  parameters: Parameters,
): Pick<FiguresRequest, 'count' | 'avg' | 'min' | 'max' | 'sum' | 'groupBy' | 'having' | 'order'> => ({
  count: parameters.isTrue('sysparm_count'),
  avg: namesIn(parameters.get('sysparm_avg_fields')),
  min: namesIn(parameters.get('sysparm_min_fields')),
  max: namesIn(parameters.get('sysparm_max_fields')),
  sum: namesIn(parameters.get('sysparm_sum_fields')),
  groupBy: namesIn(parameters.get('sysparm_group_by')),
  having: namesIn(parameters.get('sysparm_having')).flatMap(readHaving),
  order: namesIn(parameters.get('sysparm_order_by')).map(readOrder),
});
