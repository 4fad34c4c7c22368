// Rights turned into what statements need: a condition on rows, and which fields may be shown or asked about.
import { keptFor } from '../kit/kept_for.ts';
import type { Value } from '../store/store.ts';
import { belonging } from './belonging.ts';
import type { Caller } from './caller.ts';
import { asTheirClass, type Stricter, stricterClasses, stricterForField } from './class_rights.ts';
import type { Dictionary, Field, Table } from './dictionary.ts';
import { allOf, anyOf, type BoundCondition } from './query/bound.ts';
import type { OneStatement } from './query/compile/select.ts';
import type { Queries, QueryRequest } from './query/queries.ts';
import type { DisplayMode } from './records.ts';
import type { Access, Operation, Rights } from './rights.ts';

/** How rows are read: from the store, or inside a transaction. */
export type Read = (sql: string, parameters: readonly Value[]) => Promise<Value[][]>;

export interface AccessParts {
  dictionary: Dictionary;
  rights: Rights;
  queries: Queries;
}

export interface RowRestriction {
  readonly condition: BoundCondition;
  /** The condition counts from the present moment: a statement with it must not be kept. */
  readonly isTimed: boolean;
}

/** The rows of `table` that an access speaks of: undefined none, null all. */
const restrictionOf = (
  { dictionary, queries }: Pick<AccessParts, 'dictionary' | 'queries'>,
  caller: Caller,
  table: Table,
  access: Access,
): RowRestriction | null | undefined => {
  if (access === 'none') return undefined;
  if (access === 'all') return null;
  const bind = (query: string) => queries.bound({ dictionary, table, caller, query, onInvalidTerm: 'match_nothing' });
  const [some, all] = [access.anyOf.map(bind), access.also.map(bind)];
  return {
    condition: allOf(anyOf(...some.map(({ condition }) => condition)), ...all.map(({ condition }) => condition)),
    isTimed: [...some, ...all].some(({ isTimed }) => isTimed),
  };
};

/** Narrowed to what the classes of the rows let be read, where they are stricter than `table`. */
const narrowed = (
  parts: AccessParts,
  caller: Caller,
  table: Table,
  { own, classes }: { own: RowRestriction | null; classes: readonly Stricter[] },
): RowRestriction | null => {
  if (classes.length === 0) return own;
  let isTimed = own?.isTimed ?? false;
  const conditions = asTheirClass(table, classes, ({ of, access }) => {
    const restriction = restrictionOf(parts, caller, of, access);
    isTimed ||= restriction?.isTimed ?? false;
    return restriction?.condition;
  });
  return { condition: allOf(...(own ? [own.condition] : []), ...conditions), isTimed };
};

/** The rows of `table` that the caller may read: undefined none, null all. */
export const rowRestriction = (parts: AccessParts, caller: Caller, table: Table): RowRestriction | null | undefined => {
  const own = restrictionOf(parts, caller, table, parts.rights.on(caller, table, 'read'));
  return own === undefined ? own : narrowed(parts, caller, table, { own, classes: stricterClasses(parts.rights, caller, table) });
};

/** The part of a query request that rights decide. */
type Decided = Pick<QueryRequest, 'restriction' | 'mayRead' | 'mayAsk' | 'shownWhere' | 'hiddenBehind' | 'rightsKey'>;

export interface Readable extends Decided {
  /** Of an answer that is the same as long as rights, caller and table are: what was compiled to read whole records. */
  readonly whole?: Map<DisplayMode, OneStatement>;
}

/** Fields that are shown in some rows only, by the rows. */
const makeShownWhere = (parts: AccessParts, caller: Caller, table: Table) => {
  const known = new Map<string, BoundCondition | undefined>();
  let isTimed = false;
  for (const field of table.fields.values()) {
    const own = restrictionOf(parts, caller, table, parts.rights.onField(caller, table, field, 'read'));
    if (own === undefined) continue;
    const restriction = narrowed(parts, caller, table, { own, classes: stricterForField(parts.rights, caller, table, field) });
    if (!restriction) continue;
    isTimed ||= restriction.isTimed;
    known.set(field.element, restriction.condition);
  }
  return {
    shownWhere: (field: Field): BoundCondition | undefined => known.get(field.element),
    isTimed,
    isEmpty: known.size === 0,
  };
};

/** By caller and table: what no condition narrows, so that there is nothing in it but what follows from these. */
const openFor = keptFor((_: Rights) => keptFor((_: Caller) => new WeakMap<Table, Readable>()));

/** Undefined when the caller may read nothing of the table. */
export const readableAs = (parts: AccessParts, caller: Caller, table: Table): Readable | undefined => {
  const { rights } = parts;
  const open = openFor(rights)(caller);
  const known = open.get(table);
  if (known) return known;
  const restriction = rowRestriction(parts, caller, table);
  if (restriction === undefined) return undefined;
  // The condition judges the record asked for and none behind a reference, so a table open only in part is closed to dot-walks; so is one
  // whose rows follow the rights of others.
  const isOpenWhole = (of: Table): boolean =>
    caller.isSystem || (of.isOpenToWebServices && !belonging.has(of.name) && rights.on(caller, of, 'read') === 'all');
  const mayRead = (field: Field, of: Table, isOtherRecord: boolean): boolean =>
    rights.mayField(caller, of, field, 'read') &&
    stricterForField(rights, caller, of, field).length === 0 &&
    (!isOtherRecord || isOpenWhole(of));
  const hiddenBehind: Readable['hiddenBehind'] = (of) => stricterClasses(rights, caller, of).map((each) => each.of);
  const mayAsk: Readable['mayAsk'] = (field, of, isOtherRecord, kind) =>
    mayRead(field, of, isOtherRecord) && rights.mayQuery(caller, of, field, kind);
  const key = rights.keyOf(caller);
  const isPartly = rights.hasFieldConditions || (!caller.isSystem && rights.ruledBelow(table, 'fields').length > 0);
  const partly = isPartly ? makeShownWhere(parts, caller, table) : undefined;
  if (restriction === null && partly?.isEmpty !== false) {
    const made = { mayRead, mayAsk, hiddenBehind, rightsKey: key, whole: new Map() };
    open.set(table, made);
    return made;
  }
  const isTimed = restriction?.isTimed || partly?.isTimed;
  return {
    mayRead,
    mayAsk,
    hiddenBehind,
    shownWhere: partly?.shownWhere,
    restriction: restriction?.condition,
    rightsKey: isTimed ? undefined : `${key} as ${caller.userSysId}`,
  };
};

/** Whether an access holds for this one record. */
export const holdsFor = async (
  parts: AccessParts,
  read: Read,
  { caller, table, sysId, access }: { caller: Caller; table: Table; sysId: string; access: Access },
): Promise<boolean> => {
  const restriction = restrictionOf(parts, caller, table, access);
  if (restriction === undefined || restriction === null) return restriction === null;
  const { dictionary, queries } = parts;
  const one = queries.one({
    dictionary,
    table,
    caller,
    fields: ['sys_id'],
    onInvalidTerm: 'match_nothing',
    restriction: restriction.condition,
  });
  return (await read(one.sqlFor(1), [...one.parameters, sysId])).length > 0;
};

/** Whether the caller may do it with this one record. */
export const mayDoWith = (
  parts: AccessParts,
  read: Read,
  { operation, ...about }: { caller: Caller; table: Table; sysId: string; operation: Operation },
): Promise<boolean> => holdsFor(parts, read, { ...about, access: parts.rights.on(about.caller, about.table, operation) });
