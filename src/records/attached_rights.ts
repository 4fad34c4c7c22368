// Rights of records that belong to other records: an attachment may be read by whoever may read the record it hangs on.
// It must not open more than the record itself does; a table without rows of this kind is judged by its own rules alone.

import type { Store } from '../store/store.ts';
import { type AccessParts, type Readable, readableAs, rowRestriction } from './access.ts';
import type { Caller } from './caller.ts';
import type { Dictionary, Table } from './dictionary.ts';
import { allOf, anyOf, type BoundCondition, never } from './query/bound.ts';
import { ownPath } from './query/resolve.ts';

/** Table → fields that name the record it belongs to. */
const belonging: ReadonlyMap<string, { readonly tableIn: string; readonly sysIdIn: string }> = new Map([
  ['sys_attachment', { tableIn: 'table_name', sysIdIn: 'table_sys_id' }],
]);

export interface AttachedParts extends AccessParts {
  store: Store;
}

/** The tables whose records have something attached: each value is found by a step of its own along the index. */
const ownersOf = async (store: Store, dictionary: Dictionary, table: Table, element: string): Promise<Table[]> => {
  const { dialect } = store;
  const [from, column] = [dialect.name(table.name), dialect.name(element)];
  const greater = `${dialect.comparable(column, 'text_nocase')} > ${dialect.comparable('o.n', 'text_nocase')}`;
  const rows = await store.read(
    `WITH RECURSIVE o(n) AS (SELECT MIN(${column}) FROM ${from} UNION ALL ` +
      `SELECT (SELECT MIN(${column}) FROM ${from} WHERE ${greater}) FROM o WHERE o.n IS NOT NULL) SELECT n FROM o WHERE n IS NOT NULL`,
  );
  return rows.flatMap(([name]) => dictionary.table(String(name)) ?? []);
};

const conditionFor = async (
  parts: AttachedParts,
  caller: Caller,
  table: Table,
  { tableIn, sysIdIn }: { tableIn: string; sysIdIn: string },
): Promise<BoundCondition> => {
  const [owner, key] = [table.fields.get(tableIn), table.fields.get(sysIdIn)];
  if (!owner || !key) return never;
  const open: BoundCondition[] = [];
  for (const of of await ownersOf(parts.store, parts.dictionary, table, owner.column)) {
    const restriction = rowRestriction(parts, caller, of, 'read');
    const sysId = of.fields.get('sys_id');
    if (restriction === undefined || !sysId || !of.isOpenToWebServices) continue;
    const isOfTable: BoundCondition = { kind: 'equals', path: ownPath(owner), values: [of.name], isNegated: false };
    if (restriction === null) {
      open.push(isOfTable);
      continue;
    }
    const { condition } = restriction;
    open.push(
      allOf(isOfTable, { kind: 'within', path: ownPath(key), table: of, field: ownPath(sysId), condition, isNegated: false }),
    );
  }
  return anyOf(...open);
};

/** What `readableAs` answers, with the rights of the records that rows of this table belong to. */
export const readableFor = async (parts: AttachedParts, caller: Caller, table: Table): Promise<Readable | undefined> => {
  const readable = readableAs(parts, caller, table);
  const fields = belonging.get(table.name);
  if (!readable || !fields || caller.isSystem) return readable;
  const condition = await conditionFor(parts, caller, table, fields);
  const restriction = readable.restriction ? allOf(readable.restriction, condition) : condition;
  // Which tables have attachments changes without notice, so nothing compiled for it may be kept.
  return { ...readable, restriction, rightsKey: undefined };
};
