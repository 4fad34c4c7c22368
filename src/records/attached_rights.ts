// Rights of records that belong to other records: an attachment may be read by whoever may read the record it hangs on, an entry of a
// journal by whoever may read the journal.
// It must not open more than the record itself does; a table without rows of this kind is judged by its own rules alone.

import { keptFor } from '../kit/kept_for.ts';
import type { Store } from '../store/store.ts';
import { type AccessParts, type Readable, readableAs, rowRestriction } from './access.ts';
import { type Belonging, belonging } from './belonging.ts';
import type { Caller } from './caller.ts';
import type { Dictionary, Field, Table } from './dictionary.ts';
import { isJournal } from './field_types/unstored.ts';
import { allOf, anyOf, type BoundCondition, never } from './query/bound.ts';
import { ownPath } from './query/resolve.ts';

export interface AttachedParts extends AccessParts {
  store: Store;
}

/** The tables whose records have something attached: each value is found by a step of its own along the index. */
const namedIn = async (store: Store, dictionary: Dictionary, table: Table, column: string): Promise<Table[]> => {
  const { dialect } = store;
  const [from, name] = [dialect.name(table.name), dialect.name(column)];
  const greater = `${dialect.comparable(name, 'text_nocase')} > ${dialect.comparable('o.n', 'text_nocase')}`;
  const rows = await store.read(
    `WITH RECURSIVE o(n) AS (SELECT MIN(${name}) FROM ${from} UNION ALL ` +
      `SELECT (SELECT MIN(${name}) FROM ${from} WHERE ${greater}) FROM o WHERE o.n IS NOT NULL) SELECT n FROM o WHERE n IS NOT NULL`,
  );
  return rows.flatMap(([found]) => dictionary.table(String(found)) ?? []);
};

const journalsOf = keptFor((table: Table): Field[] => [...table.fields.values()].filter(({ type }) => isJournal(type)));

/** Rows that belong to a record of `of`, and not to a field of it that the caller may not read everywhere. */
const openIn = (
  { rights }: AccessParts,
  caller: Caller,
  of: Table,
  { owner, element }: { owner: Field; element: Field | undefined },
): BoundCondition | undefined => {
  const isOfTable: BoundCondition = { kind: 'equals', path: ownPath(owner), values: [of.name], isNegated: false };
  if (!element) return isOfTable;
  const open = journalsOf(of).filter((field) => rights.mayField(caller, of, field, 'read'));
  const values = open.map((field) => field.element);
  if (open.length === 0) return undefined;
  return allOf(isOfTable, { kind: 'equals', path: ownPath(element), values, isNegated: false });
};

const conditionFor = async (
  parts: AttachedParts,
  caller: Caller,
  table: Table,
  { tableIn, sysIdIn, elementIn = '' }: Belonging,
): Promise<BoundCondition> => {
  const [owner, key, element] = [tableIn, sysIdIn, elementIn].map((name) => table.fields.get(name));
  if (!owner || !key) return never;
  // Few tables have journals, and there is no index by which the others could be told.
  const owners = element
    ? [...parts.dictionary.tables()].filter((each) => journalsOf(each).length > 0)
    : await namedIn(parts.store, parts.dictionary, table, owner.column);
  const open: BoundCondition[] = [];
  for (const of of owners) {
    const restriction = rowRestriction(parts, caller, of);
    const isOfTable = openIn(parts, caller, of, { owner, element });
    const sysId = of.fields.get('sys_id');
    if (restriction === undefined || !sysId || !isOfTable || !of.isOpenToWebServices) continue;
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
export const readableFor = (
  parts: AttachedParts,
  caller: Caller,
  table: Table,
): Promise<Readable | undefined> | Readable | undefined => {
  const readable = readableAs(parts, caller, table);
  const fields = belonging.get(table.name);
  if (!readable || !fields || caller.isSystem) return readable;
  return conditionFor(parts, caller, table, fields).then((condition) => {
    const restriction = readable.restriction ? allOf(readable.restriction, condition) : condition;
    // Which tables have attachments changes without notice, so nothing compiled for it may be kept.
    const { whole: _, ...decided } = readable;
    return { ...decided, restriction, rightsKey: undefined };
  });
};
