// Figures of a query for callers: counts, averages, least, greatest and sums, over the rows that the caller may read and no others.
// It must not let a group or a figure tell what a row would not.
import { readableFor } from './attached_rights.ts';
import type { Caller } from './caller.ts';
import type { Field, Table } from './dictionary.ts';
import { fieldTypeOf } from './field_types/index.ts';
import type { Figures, FiguresRequest } from './records.ts';
import { mayNotReadTable } from './refusals.ts';
import { readFor, refuseHiddenTerms, type SelectParts } from './select_records.ts';

/** Groups beyond these are not answered; no client pages through groups. */
const largestGroupCount = 10_000;

/** Throws `records.table_not_readable`, `records.field_not_readable`, `store.query_cancelled`. */
export const selectFigures = async (
  parts: SelectParts,
  caller: Caller,
  table: Table,
  request: FiguresRequest,
  timeLimitMs?: number,
): Promise<Figures> => {
  const readable = await readableFor(parts, caller, table);
  if (!readable) throw mayNotReadTable(table.name);
  const { dictionary, queries, properties } = parts;
  const { query, filters, display, onInvalidTerm, ...asked } = request;
  const isStrict = onInvalidTerm === 'match_nothing' || (await properties.flag('glide.invalid_query.returns_no_rows'));
  const about = {
    ...readable,
    dictionary,
    table,
    caller,
    query,
    filters,
    display,
    onInvalidTerm: isStrict ? ('match_nothing' as const) : ('drop' as const),
    // Groups of a secret would tell which records share one.
    mayRead: (field: Field, of: Table, isOtherRecord: boolean): boolean =>
      !fieldTypeOf(field.type).secret && (readable.mayRead?.(field, of, isOtherRecord) ?? true),
  };
  refuseHiddenTerms(caller, queries.bound(about));
  const { sql, parameters, groups, figures } = queries.aggregate(about, asked);
  // A statement that selects nothing is none on SQLite.
  if (groups.length === 0 && figures.length === 0) return { table, groups, figures, rows: [] };
  const rows = await readFor(parts, caller)(sql, [...parameters, largestGroupCount], { long: true, timeLimitMs });
  return { table, groups, figures, rows };
};
