// SELECT of figures: counts, averages, least, greatest and sums, in groups or over all rows of a query.
import type { Value } from '../../../store/store.ts';
import type { Field } from '../../dictionary.ts';
import type { Column as AnsweredColumn, DisplayMode } from '../../records.ts';
import type { BoundQuery, Path, Relation } from '../bound.ts';
import { isAlways } from '../bound.ts';
import { displayPath, ownPath } from '../resolve.ts';
import { natureOf } from '../values.ts';
import { makeConditionWriter } from './condition.ts';
import { type Column, type From, makeFrom } from './from.ts';
import { shownText } from './shown.ts';
import { checkedSql, makeWriter, type Writer, type WriterParts } from './writer.ts';

export type Measure = 'count' | 'avg' | 'min' | 'max' | 'sum';

/** A figure: `count` of all rows needs no path, `count` of a path counts rows where it is not empty. */
export interface Figure {
  readonly measure: Measure;
  readonly path: Path | undefined;
}

export interface AggregateShape {
  readonly groupBy: readonly Path[];
  readonly figures: readonly Figure[];
  readonly having: ReadonlyArray<Figure & { readonly relation: Relation; readonly value: Value }>;
  /** By a group's value (no measure) or by a figure; groups not named follow in ascending order. */
  readonly order: ReadonlyArray<{
    readonly measure: Measure | undefined;
    readonly path: Path | undefined;
    readonly isDescending: boolean;
  }>;
}

export interface AggregateStatement {
  readonly sql: string;
  /** The largest number of groups follows as the last parameter. */
  readonly parameters: readonly Value[];
  /** Where each group's value (and what it shows) stands in a row. */
  readonly groups: readonly AnsweredColumn[];
  /** Where each figure stands, in the order asked for. Numbers, except least and greatest of moments. */
  readonly figures: ReadonlyArray<Figure & { readonly at: number }>;
}

/** Can this be taken of that field? Averages and sums need numbers; least and greatest what has a plain order. */
export const canMeasure = (measure: Measure, field: Field): boolean => {
  if (field.column === '') return false;
  if (measure === 'count') return true;
  const nature = natureOf(field);
  if (nature === 'number') return true;
  const isTime = nature === 'moment' || nature === 'date' || field.type === 'glide_duration' || field.type === 'timer';
  return isTime && (measure === 'min' || measure === 'max');
};

// Floating point throughout: whole sums may pass 64 bits, which SQLite answers with an error, and PostgreSQL's numeric is text.
const figureSql = (from: From, { measure, path }: Figure): string => {
  if (!path) return 'COUNT(*)';
  const { sql } = from.column(path);
  if (measure === 'count') return `COUNT(${sql})`;
  if (measure === 'min' || measure === 'max') return `${measure === 'min' ? 'MIN' : 'MAX'}(${sql})`;
  return `${measure === 'avg' ? 'AVG' : 'SUM'}(CAST(${sql} AS double precision))`;
};

const havingSql = (writer: Writer, from: From, { relation, value, ...figure }: AggregateShape['having'][number]): string => {
  const sql = figureSql(from, figure);
  const left = typeof value === 'number' ? `CAST(${sql} AS double precision)` : sql;
  const right = typeof value === 'number' ? `CAST(${writer.parameter(value)} AS double precision)` : writer.parameter(value);
  return `${left} ${relation === '!=' ? '<>' : relation} ${right}`;
};

// Texts that differ in case alone are one group, which shows the first of its spellings.
const groupValue = ({ sql, type }: Column): string => (type === 'text_nocase' ? `MIN(${sql})` : sql);

export interface AggregateRequest extends WriterParts {
  readonly query: BoundQuery;
  readonly shape: AggregateShape;
  readonly display: DisplayMode;
}

/** Figures of a query. One row when there are no groups. */
export const compileAggregate = ({ query, shape, display, ...parts }: AggregateRequest): AggregateStatement => {
  const { dialect } = parts;
  const writer = makeWriter(parts);
  const from = makeFrom(writer, query.table);
  const grouped = shape.groupBy.map((path) => ({ path, column: from.column(path) }));
  const list: string[] = [];
  const groups = grouped.map(({ path, column }): AnsweredColumn => {
    const valueAt = list.push(groupValue(column)) - 1;
    const shownPath =
      display !== 'false' && path.field.type === 'reference' ? displayPath(parts.dictionary, ownPath(path.field)) : undefined;
    const shown = shownText(writer, column, shownPath);
    return { key: path.text, field: path.field, valueAt, displayAt: shown === undefined ? -1 : list.push(shown) - 1 };
  });
  const figures = shape.figures.map((figure) => ({ ...figure, at: list.push(figureSql(from, figure)) - 1 }));
  const where = isAlways(query.condition) ? '' : ` WHERE ${makeConditionWriter(writer, from)(query.condition)}`;
  const groupBy = grouped.map(({ column }) => dialect.comparable(column.sql, column.type));
  const having = shape.having.map((each) => havingSql(writer, from, each));
  const groupTerm = (column: Column, isDescending: boolean): string =>
    dialect.orderTerm(groupValue(column), column.type, isDescending);
  const order = shape.order.flatMap(({ measure, path, isDescending }) => {
    if (measure) return [dialect.orderTerm(figureSql(from, { measure, path }), 'real', isDescending)];
    return path ? [groupTerm(from.column(path), isDescending)] : [];
  });
  for (const { path, column } of grouped) {
    if (!shape.order.some((each) => each.measure === undefined && each.path?.text === path.text))
      order.push(groupTerm(column, false));
  }
  const parameters = [...writer.parameters];
  const clauses = [
    `SELECT ${list.join(', ')} FROM ${from.sql()}${where}`,
    groupBy.length > 0 ? ` GROUP BY ${groupBy.join(', ')}` : '',
    having.length > 0 ? ` HAVING ${having.join(' AND ')}` : '',
    groupBy.length > 0 && order.length > 0 ? ` ORDER BY ${order.join(', ')}` : '',
    ` LIMIT ${dialect.parameter(parameters.length + 1)}`,
  ];
  return { sql: checkedSql(clauses.join('')), parameters, groups, figures };
};
