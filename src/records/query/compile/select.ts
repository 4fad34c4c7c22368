// SELECT of rows: the columns asked for, what references show, order, page. Also the count of the same condition.
import type { Value } from '../../../store/store.ts';
import { fieldTypeOf } from '../../field_types/index.ts';
import type { Column as AnsweredColumn, DisplayMode } from '../../records.ts';
import type { BoundCondition, BoundQuery, Path } from '../bound.ts';
import { isAlways } from '../bound.ts';
import { displayPath } from '../resolve.ts';
import { makeConditionWriter } from './condition.ts';
import { type From, makeFrom, makeFromKeys } from './from.ts';
import { keysOf, placeName, startingClass, whereOf } from './keys.ts';
import { shownText } from './shown.ts';
import { checkedSql, makeWriter, type Writer, type WriterParts } from './writer.ts';

export interface Statement {
  readonly sql: string;
  readonly parameters: readonly Value[];
}

export interface RowsStatement extends Statement {
  /** Limit and offset follow as the last two parameters. First entry of each row: the record's sys_id. */
  readonly columns: readonly AnsweredColumn[];
  /** The entry that stands for all seldom filled columns: their value where they are empty, and not empty where one of them is not. */
  readonly seldomAt?: number | undefined;
}

/** One column of the answer: a path, or a key that leads nowhere and is answered empty. */
export interface Wanted {
  readonly key: string;
  readonly path: Path | undefined;
  /** The rows in which it is shown; absent: all. */
  readonly shownWhere?: BoundCondition;
}

/** Of the record itself, shown to whoever sees the record, as it is. */
const mayJoin = ({ steps, field }: Path, shown: string | undefined, shownWhere: BoundCondition | undefined): boolean =>
  steps.length === 0 && shown === undefined && shownWhere === undefined && !fieldTypeOf(field.type).secret;

const selectList = (
  writer: Writer,
  from: From,
  wanted: readonly Wanted[],
  display: DisplayMode,
  seldom?: ReadonlySet<string>,
): { sql: readonly string[]; columns: readonly AnsweredColumn[]; seldomAt: number | undefined } => {
  const sql: string[] = [from.sysId.sql];
  const joined: string[] = [];
  const seldomAt = seldom && seldom.size > 1 ? sql.push('') - 1 : undefined;
  const at = new Map<string, number>([[from.sysId.sql, 0]]);
  const place = (text: string): number => {
    const known = at.get(text);
    if (known !== undefined) return known;
    sql.push(text);
    at.set(text, sql.length - 1);
    return sql.length - 1;
  };
  const conditions = new Map<BoundCondition, number>();
  const grantOf = (condition: BoundCondition | undefined): { grantedAt?: number } => {
    if (condition === undefined) return {};
    const known = conditions.get(condition);
    const grantedAt = known ?? place(`CASE WHEN ${makeConditionWriter(writer, from)(condition)} THEN 1 ELSE 0 END`);
    conditions.set(condition, grantedAt);
    return { grantedAt };
  };
  const columns = wanted.map(({ key, path, shownWhere }): AnsweredColumn => {
    const grant = grantOf(shownWhere);
    if (!path || path.field.column === '') return { key, field: path?.field, valueAt: -1, displayAt: -1, ...grant };
    const column = from.column(path);
    const shown =
      display !== 'false' && path.field.type === 'reference'
        ? shownText(writer, column, displayPath(writer.dictionary, { text: '', steps: [], field: path.field }))
        : undefined;
    if (seldomAt !== undefined && seldom?.has(key) && mayJoin(path, shown, shownWhere)) {
      joined.push(column.sql);
      return { key, field: path.field, valueAt: seldomAt, displayAt: -1 };
    }
    const valueAt = place(column.sql);
    return { key, field: path.field, valueAt, displayAt: shown === undefined ? -1 : place(shown), ...grant };
  });
  if (seldomAt !== undefined) sql[seldomAt] = `coalesce(${['NULL', 'NULL', ...joined].join(', ')})`;
  return { sql, columns, seldomAt };
};

export interface RowsRequest extends WriterParts {
  readonly query: BoundQuery;
  readonly wanted: readonly Wanted[];
  readonly display: DisplayMode;
}

export interface MoreOfRows {
  /** The last entry of each row is how many rows the query has. */
  readonly isCounted?: boolean;
  /** Only those among so many rows of the table that come first in the order. The order begins with an own field, and there is a condition. */
  readonly ahead?: number;
  /** Keys of columns that are read as one value. */
  readonly seldom?: ReadonlySet<string>;
}

/** Rows that the condition holds for, whatever page is asked for. */
const countSql = (writer: Writer, query: BoundQuery): string => {
  const from = makeFrom(writer, query.table, startingClass({ ...query, order: [] }));
  const where = whereOf(writer, from, query.condition);
  return `SELECT COUNT(*) FROM ${from.sql()}${where}`;
};

/**
 * Rows of a query, page by page: first the keys of the page, then the records behind them. So sorting and skipping carry nothing but
 * keys: a deep page of a wide table is read several times faster.
 * Throws Fault `records.query_too_wide` when too many references would have to be followed.
 */
export const compileRows = ({
  query,
  wanted,
  display,
  isCounted = false,
  ahead,
  seldom,
  ...parts
}: RowsRequest & MoreOfRows): RowsStatement => {
  const writer = makeWriter(parts);
  const alias = writer.alias();
  const keys = keysOf(writer, query, alias, ahead);
  const page = (): string => `${keys.sql} LIMIT ${writer.afterwards(1)} OFFSET ${writer.afterwards(2)}`;
  const from = makeFromKeys(writer, query.table, { sql: page, alias, places: { owner: keys.owner, name: placeName } });
  const list = selectList(writer, from, wanted, display, seldom);
  const counted = isCounted ? [`(${countSql(writer, query)})`] : [];
  const sql = `SELECT ${[...list.sql, ...counted].join(', ')} FROM ${from.sql()} ORDER BY ${keys.order}`;
  return { sql: checkedSql(sql), parameters: [...writer.parameters], columns: list.columns, seldomAt: list.seldomAt };
};

/** How many rows a query has. One row, one number. */
export const compileCount = ({ query, ...parts }: WriterParts & Pick<RowsRequest, 'query'>): Statement => {
  const writer = makeWriter(parts);
  const sql = countSql(writer, query);
  return { sql: checkedSql(sql), parameters: [...writer.parameters] };
};

/** Records by their sys_ids, which are the last parameters. The condition still holds: a hidden record is not found. */
export interface OneStatement extends Omit<RowsStatement, 'sql'> {
  /** The statement for so many at once. */
  sqlFor(count: number): string;
}

export const compileOne = ({ query, wanted, display, ...parts }: RowsRequest): OneStatement => {
  const writer = makeWriter(parts);
  const from = makeFrom(writer, query.table);
  const condition = isAlways(query.condition) ? '' : ` AND ${makeConditionWriter(writer, from)(query.condition)}`;
  const list = selectList(writer, from, wanted, display);
  const head = checkedSql(`SELECT ${list.sql.join(', ')} FROM ${from.sql()} WHERE ${from.sysId.sql}`);
  const made = new Map<number, string>();
  const sqlFor = (count: number): string => {
    const known = made.get(count);
    if (known !== undefined) return known;
    const keys = Array.from({ length: count }, (_, at) => writer.afterwards(at + 1));
    const sql = `${head} ${count === 1 ? `= ${keys[0]}` : `IN (${keys.join(', ')})`}${condition}`;
    made.set(count, sql);
    return sql;
  };
  return { sqlFor, parameters: [...writer.parameters], columns: list.columns };
};
