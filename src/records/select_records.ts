// Reads for callers: rights become part of the statement, so pages are full and what is hidden is not counted.
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
import type { Column, ListRequest, Selection } from './records.ts';
import { mayNotAsk, mayNotReadTable, notFound } from './refusals.ts';

export interface SelectParts extends AccessParts {
  store: Store;
  properties: Properties;
  /** Statements that may read much: only some of one caller's run at once, so that his do not hold up everyone's. */
  scans: Turns;
}

const pageLimit = 10_000;

const wholeNumber = (value: number | undefined, fallback: number): number =>
  value !== undefined && Number.isSafeInteger(value) && value >= 0 ? value : fallback;

/** Stored secrets leave this room as a mask, whatever path led to them. */
const hideSecrets = (columns: readonly Column[], rows: Value[][]): Value[][] => {
  const places = columns
    .filter(({ field, valueAt }) => valueAt >= 0 && field && fieldTypeOf(field.type).secret)
    .map(({ valueAt }) => valueAt);
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
  const plan = queries.plan({
    dictionary,
    table,
    caller,
    query,
    filters,
    fields,
    display,
    onInvalidTerm: isStrict ? 'match_nothing' : 'drop',
    ...readable,
  });
  refuseHiddenTerms(caller, plan.bound);
  const read = readFor(parts, caller);
  const page = [wholeNumber(request.limit, pageLimit), wholeNumber(request.offset, 0)];
  const [rows, counted] = await Promise.all([
    read(plan.rows.sql, [...plan.rows.parameters, ...page], { long: plan.rows.mayScan, timeLimitMs }),
    request.withCount ? read(plan.count.sql, plan.count.parameters, { long: plan.count.mayScan, timeLimitMs }) : undefined,
  ]);
  const total = counted && Number(counted[0]?.[0] ?? 0);
  return { table, columns: plan.columns, rows: hideSecrets(plan.columns, rows), total };
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
  const { dictionary, queries, store } = parts;
  const { fields, display } = options;
  const one = queries.one({ dictionary, table, caller, fields, display, onInvalidTerm: 'match_nothing', ...readable });
  const rows = await store.read(one.sql, [...one.parameters, sysId]);
  if (rows.length === 0) throw notFound();
  return { table, columns: one.columns, rows: hideSecrets(one.columns, rows), total: undefined };
};
