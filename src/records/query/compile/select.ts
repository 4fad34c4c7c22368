// SELECT of rows: the columns asked for, what references show, order, page. Also the count of the same condition.
import type { Value } from '../../../store/store.ts';
import type { Column as AnsweredColumn, DisplayMode } from '../../records.ts';
import type { BoundCondition, BoundQuery, BoundSort, Path } from '../bound.ts';
import { isAlways } from '../bound.ts';
import { displayPath } from '../resolve.ts';
import { makeConditionWriter } from './condition.ts';
import { type Column, type From, makeFrom } from './from.ts';
import { shownText } from './shown.ts';
import { checkedSql, makeWriter, type Writer, type WriterParts } from './writer.ts';

export interface Statement {
  readonly sql: string;
  readonly parameters: readonly Value[];
}

export interface RowsStatement extends Statement {
  /** Limit and offset follow as the last two parameters. First entry of each row: the record's sys_id. */
  readonly columns: readonly AnsweredColumn[];
}

/** One column of the answer: a path, or a key that leads nowhere and is answered empty. */
export interface Wanted {
  readonly key: string;
  readonly path: Path | undefined;
}

const orderBy = (writer: Writer, from: From, order: readonly BoundSort[]): string => {
  const terms: string[] = [];
  const seen = new Set<string>();
  const add = ({ sql, type }: Column, isDescending: boolean): void => {
    if (seen.has(sql)) return;
    seen.add(sql);
    terms.push(writer.dialect.orderTerm(sql, type, isDescending));
  };
  for (const { path, isDescending } of order) {
    add(from.column(path), isDescending);
    // Nothing behind a unique key can change the order.
    if (path.steps.length === 0 && path.field.element === 'sys_id') return terms.join(', ');
  }
  // The last key makes every order total, so that pages neither repeat nor miss a row.
  add(from.sysId, false);
  return terms.join(', ');
};

const selectList = (
  writer: Writer,
  from: From,
  wanted: readonly Wanted[],
  display: DisplayMode,
): { sql: readonly string[]; columns: readonly AnsweredColumn[] } => {
  const sql: string[] = [from.sysId.sql];
  const at = new Map<string, number>([[from.sysId.sql, 0]]);
  const place = (text: string): number => {
    const known = at.get(text);
    if (known !== undefined) return known;
    sql.push(text);
    at.set(text, sql.length - 1);
    return sql.length - 1;
  };
  const columns = wanted.map(({ key, path }): AnsweredColumn => {
    if (!path || path.field.column === '') return { key, field: path?.field, valueAt: -1, displayAt: -1 };
    const column = from.column(path);
    const shown =
      display !== 'false' && path.field.type === 'reference'
        ? shownText(writer, column, displayPath(writer.dictionary, { text: '', steps: [], field: path.field }))
        : undefined;
    return { key, field: path.field, valueAt: place(column.sql), displayAt: shown === undefined ? -1 : place(shown) };
  });
  return { sql, columns };
};

export interface RowsRequest extends WriterParts {
  readonly query: BoundQuery;
  readonly wanted: readonly Wanted[];
  readonly display: DisplayMode;
}

const whereOf = (writer: Writer, from: From, condition: BoundCondition): string =>
  isAlways(condition) ? '' : ` WHERE ${makeConditionWriter(writer, from)(condition)}`;

/** Rows of a query, page by page. Throws Fault `records.query_too_wide` when too many references would have to be followed. */
export const compileRows = ({ query, wanted, display, ...parts }: RowsRequest): RowsStatement => {
  const writer = makeWriter(parts);
  const from = makeFrom(writer, query.table);
  const where = whereOf(writer, from, query.condition);
  const order = orderBy(writer, from, query.order);
  const list = selectList(writer, from, wanted, display);
  const parameters = [...writer.parameters];
  const page = `LIMIT ${parts.dialect.parameter(parameters.length + 1)} OFFSET ${parts.dialect.parameter(parameters.length + 2)}`;
  return {
    sql: checkedSql(`SELECT ${list.sql.join(', ')} FROM ${from.sql()}${where} ORDER BY ${order} ${page}`),
    parameters,
    columns: list.columns,
  };
};

/** How many rows a query has. One row, one number. */
export const compileCount = ({ query, ...parts }: WriterParts & Pick<RowsRequest, 'query'>): Statement => {
  const writer = makeWriter(parts);
  const from = makeFrom(writer, query.table);
  const where = whereOf(writer, from, query.condition);
  return { sql: checkedSql(`SELECT COUNT(*) FROM ${from.sql()}${where}`), parameters: [...writer.parameters] };
};

/** One record by its sys_id, which is the parameter behind `parameters`. The condition still holds: a hidden record is not found. */
export const compileOne = ({ query, wanted, display, ...parts }: RowsRequest): RowsStatement => {
  const writer = makeWriter(parts);
  const from = makeFrom(writer, query.table);
  const condition = isAlways(query.condition) ? '' : ` AND ${makeConditionWriter(writer, from)(query.condition)}`;
  const list = selectList(writer, from, wanted, display);
  const parameters = [...writer.parameters];
  const sql = `SELECT ${list.sql.join(', ')} FROM ${from.sql()} WHERE ${from.sysId.sql} = ${parts.dialect.parameter(parameters.length + 1)}${condition}`;
  return { sql: checkedSql(sql), parameters, columns: list.columns };
};
