// Reads for callers: rights become part of the statement, so pages are full and what is hidden is not counted.
import { keptFor } from '../kit/kept_for.ts';
import type { Turns } from '../kit/turns.ts';
import type { ReadOptions, Store, Value } from '../store/store.ts';
import type { AccessParts } from './access.ts';
import { readableFor } from './attached_rights.ts';
import type { Caller } from './caller.ts';
import type { Table } from './dictionary.ts';
import { fieldTypeOf } from './field_types/index.ts';
import { secretMask } from './field_types/secret.ts';
import { cleanText } from './field_types/text.ts';
import type { Properties } from './properties.ts';
import type { BoundQuery } from './query/bound.ts';
import type { Statement } from './query/compile/select.ts';
import type { QueryPlan, QueryRequest } from './query/queries.ts';
import type { ReadOne } from './read_together.ts';
import type { Column, ListRequest, Selection } from './records.ts';
import { mayNotAsk, mayNotReadTable, notFound } from './refusals.ts';

export interface SelectParts extends AccessParts {
  store: Store;
  properties: Properties;
  /** Statements that may read much: only some of one caller's run at once, so that his do not hold up everyone's. */
  scans: Turns;
  readOne: ReadOne;
}

const pageLimit = 10_000;
const shortPage = 100;

interface Page {
  readonly limit: number;
  readonly offset: number;
  readonly withCount: boolean;
  readonly timeLimitMs: number | undefined;
}

const wholeNumber = (value: number | undefined, fallback: number): number =>
  value !== undefined && Number.isSafeInteger(value) && value >= 0 ? value : fallback;

const secretPlaces = keptFor((columns: readonly Column[]): readonly number[] =>
  columns.filter(({ field, valueAt }) => valueAt >= 0 && field && fieldTypeOf(field.type).secret).map(({ valueAt }) => valueAt),
);

/** Stored secrets leave this room as a mask, whatever path led to them. */
export const hideSecrets = (columns: readonly Column[], rows: Value[][]): Value[][] => {
  const places = secretPlaces(columns);
  if (places.length === 0) return rows;
  for (const row of rows) for (const at of places) row[at] = row[at] === null || row[at] === undefined ? null : secretMask;
  return rows;
};

/** Throws `records.field_not_readable`. */
export const refuseHiddenTerms = (caller: Caller, bound: Pick<BoundQuery, 'unreadableFields' | 'unknownFields'>): void => {
  if (bound.unreadableFields.length > 0) throw mayNotAsk(bound.unreadableFields);
  // An admin may guess names of fields; anyone else would learn by guessing which ones exist.
  if (bound.unknownFields.length > 0 && !caller.isSystem && !caller.roles.has('admin')) throw mayNotAsk(bound.unknownFields);
};

/** Reads for a caller: what may read much waits for its turn among his own. */
export const readFor =
  ({ store, scans }: Pick<SelectParts, 'store' | 'scans'>, caller: Caller) =>
  (sql: string, parameters: readonly Value[], options: ReadOptions): Promise<Value[][]> =>
    options.long && !caller.isSystem
      ? scans.run(caller.userSysId, () => store.read(sql, parameters, options))
      : store.read(sql, parameters, options);

interface FoundPage {
  readonly rows: Value[][];
  readonly total: number | undefined;
}

/** One of the fields that no record filled so far. */
const isAnyFilled = ({ seldomAt }: QueryPlan, { rows }: FoundPage): boolean =>
  seldomAt !== undefined && rows.some((row) => row[seldomAt] !== null);

/** Rows of a page, and how many the query has: with as few statements as tell both. */
const readPage = async (
  { rows, count, countedRows, rowsAhead }: QueryPlan,
  read: ReturnType<typeof readFor>,
  { limit, offset, withCount, timeLimitMs }: Page,
): Promise<FoundPage> => {
  const readCount = async (): Promise<number> => {
    const found = await read(count.sql, count.parameters, { long: count.mayScan, timeLimitMs });
    return Number(found[0]?.[0] ?? 0);
  };
  // A short page: a deep or a wide one is a walk of its own, which one plan for all does not suit.
  const isSteady = !rows.mayScan && !count.mayScan && offset === 0 && limit <= shortPage;
  const readRows = ({ sql, parameters }: Statement): Promise<Value[][]> =>
    read(sql, [...parameters, limit, offset], { long: rows.mayScan, steady: isSteady, timeLimitMs });
  const readShort = async (): Promise<Value[][]> => {
    if (rowsAhead && offset + limit <= shortPage) {
      const page = await read(rowsAhead.sql, [...rowsAhead.parameters, limit, offset], { long: true, timeLimitMs });
      if (page.length === limit) return page;
    }
    return readRows(rows);
  };
  if (!withCount) return { rows: await readShort(), total: undefined };
  if (count.mayScan) {
    const [page, total] = await Promise.all([readShort(), readCount()]);
    return { rows: page, total };
  }
  const page = await readRows(countedRows ?? rows);
  const first = page[0];
  if (first && countedRows) return { rows: page, total: Number(first[first.length - 1]) };
  // A page that is not full is the last one: where it is not empty, or the first, it tells how many rows there are.
  const isLast = page.length < limit && (first !== undefined || offset === 0);
  return { rows: page, total: isLast ? offset + page.length : await readCount() };
};

/** Throws `records.table_not_readable`, `records.field_not_readable`, `store.query_cancelled`. */
export const selectList = async (
  parts: SelectParts,
  caller: Caller,
  table: Table,
  request: ListRequest,
  timeLimitMs?: number,
): Promise<Selection> => {
  const readable = await readableFor(parts, caller, table);
  if (!readable) throw mayNotReadTable(table.name);
  const { dictionary, queries, properties } = parts;
  const isStrict = request.onInvalidTerm === 'match_nothing' || (await properties.flag('glide.invalid_query.returns_no_rows'));
  const { query, filters, fields, display } = request;
  const asked: QueryRequest = {
    dictionary,
    table,
    caller,
    query,
    filters,
    fields,
    display,
    onInvalidTerm: isStrict ? 'match_nothing' : 'drop',
    ...readable,
  };
  let plan = queries.plan({ ...asked, joinsSeldom: true });
  refuseHiddenTerms(caller, plan.bound);
  const read = readFor(parts, caller);
  const page: Page = {
    limit: wholeNumber(request.limit, pageLimit),
    offset: wholeNumber(request.offset, 0),
    withCount: request.withCount ?? false,
    timeLimitMs,
  };
  let found = await readPage(plan, read, page);
  if (isAnyFilled(plan, found)) {
    plan = queries.plan(asked);
    found = await readPage(plan, read, page);
  }
  queries.learn(plan, found.rows);
  return { table, columns: plan.columns, rows: hideSecrets(plan.columns, found.rows), total: found.total };
};

/** Throws `records.not_found`, also for what the caller may not see. */
export const selectOne = async (
  parts: SelectParts,
  caller: Caller,
  table: Table,
  sysId: string,
  options: Pick<ListRequest, 'fields' | 'display'> = {},
): Promise<Selection> => {
  const readable = await readableFor(parts, caller, table);
  if (!readable) throw notFound(`no right to read ${table.name}`);
  if (cleanText(sysId) !== sysId) throw notFound('no sys_id');
  const { dictionary, queries, readOne } = parts;
  const { fields, display = 'false' } = options;
  const whole = fields === undefined ? readable.whole : undefined;
  let one = whole?.get(display);
  if (!one) {
    one = queries.one({ dictionary, table, caller, fields, display, onInvalidTerm: 'match_nothing', ...readable });
    whole?.set(display, one);
  }
  const row = await readOne(one, sysId);
  if (!row) throw notFound();
  return { table, columns: one.columns, rows: hideSecrets(one.columns, [row]), total: undefined };
};
