// Rights turned into what statements need: a condition on rows, and which fields may be shown or asked about.
import type { Value } from '../store/store.ts';
import type { Caller } from './caller.ts';
import type { Dictionary, Field, Table } from './dictionary.ts';
import { allOf, anyOf, type BoundCondition } from './query/bound.ts';
import type { Queries, QueryRequest } from './query/queries.ts';
import type { Operation, Rights } from './rights.ts';

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

/** The rows of `table` with which the caller may do it: undefined none, null all. */
export const rowRestriction = (
  { dictionary, rights, queries }: AccessParts,
  caller: Caller,
  table: Table,
  operation: Operation,
): RowRestriction | null | undefined => {
  const access = rights.on(caller, table, operation);
  if (access === 'none') return undefined;
  if (access === 'all') return null;
  const bind = (query: string) => queries.bound({ dictionary, table, caller, query, onInvalidTerm: 'match_nothing' });
  const [some, all] = [access.anyOf.map(bind), access.also.map(bind)];
  return {
    condition: allOf(anyOf(...some.map(({ condition }) => condition)), ...all.map(({ condition }) => condition)),
    isTimed: [...some, ...all].some(({ isTimed }) => isTimed),
  };
};

/** The part of a query request that rights decide; undefined when the caller may read nothing of the table. */
export const readableAs = (
  parts: AccessParts,
  caller: Caller,
  table: Table,
): Pick<QueryRequest, 'restriction' | 'mayRead' | 'rightsKey'> | undefined => {
  const { rights } = parts;
  const restriction = rowRestriction(parts, caller, table, 'read');
  if (restriction === undefined) return undefined;
  // The condition judges the record asked for and none behind a reference, so a table open only in part is closed to dot-walks.
  const mayRead = (field: Field, of: Table, isOtherRecord: boolean): boolean =>
    rights.mayField(caller, of, field, 'read') && (!isOtherRecord || rights.on(caller, of, 'read') === 'all');
  const key = rights.keyOf(caller);
  if (restriction === null) return { mayRead, rightsKey: key };
  const { condition, isTimed } = restriction;
  return { mayRead, restriction: condition, rightsKey: isTimed ? undefined : `${key} as ${caller.userSysId}` };
};

/** Whether the caller may do it with this one record. */
export const mayDoWith = async (
  parts: AccessParts,
  read: Read,
  { caller, table, sysId, operation }: { caller: Caller; table: Table; sysId: string; operation: Operation },
): Promise<boolean> => {
  const restriction = rowRestriction(parts, caller, table, operation);
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
  return (await read(one.sql, [...one.parameters, sysId])).length > 0;
};
