// Which records, and in which order: the keys of a query, before anything else is read of them.
import type { BoundCondition, BoundQuery, BoundSort, Path } from '../bound.ts';
import { isAlways } from '../bound.ts';
import { makeConditionWriter } from './condition.ts';
import { type Column, type From, makeFrom } from './from.ts';
import type { Writer } from './writer.ts';

export const whereOf = (writer: Writer, from: From, condition: BoundCondition): string =>
  isAlways(condition) ? '' : ` WHERE ${makeConditionWriter(writer, from)(condition)}`;

/** The class whose table holds the first column of a path; undefined for the key, which every class has. */
const ownerOf = ({ steps, field }: Path): string | undefined => {
  const first = steps[0]?.field ?? field;
  return first.element === 'sys_id' ? undefined : first.table;
};

const firstOwner = (condition: BoundCondition, mayUse: (condition: BoundCondition) => boolean): string | undefined => {
  if (condition.kind === 'all' || condition.kind === 'any') {
    // An OR narrows nothing by one of its sides.
    if (condition.kind === 'any' && !mayUse(condition)) return undefined;
    for (const each of condition.of) {
      const owner = firstOwner(each, mayUse);
      if (owner !== undefined) return owner;
    }
    return undefined;
  }
  if (!mayUse(condition)) return undefined;
  return ownerOf('left' in condition ? condition.left : condition.path);
};

/**
 * The class to start at. A record of `incident` is a row in `task` too; whoever starts at the table that is filtered and sorted by finds
 * the page along one of its indexes, and whoever starts elsewhere sorts every match. PostgreSQL sees that the keys are equal, SQLite
 * does not.
 */
export const startingClass = ({ table, condition, order }: BoundQuery): string => {
  const sorted = order[0] && ownerOf(order[0].path);
  return (
    firstOwner(condition, (each) => each.kind === 'equals' && !each.isNegated) ??
    sorted ??
    firstOwner(condition, () => true) ??
    table.name
  );
};

/** What the keys call the place of the row that they start at, where the engine has such. */
export const placeName = 'place';

/** Borders of the rows that come first in an order, so many of them; empty values among them mean that there is none. */
const foremost = (writer: Writer, first: BoundSort, column: Column, count: number): string => {
  const { dialect } = writer;
  const { field } = first.path;
  const [table, name] = [dialect.name(field.table), dialect.name(field.column)];
  const order = dialect.orderTerm(name, column.type, first.isDescending);
  const last = `(SELECT ${name} FROM ${table} ORDER BY ${order} LIMIT 1 OFFSET ${count - 1})`;
  if (first.isDescending) return `${column.sql} >= ${last}`;
  return `${column.sql} <= ${last} AND NOT EXISTS (SELECT 1 FROM ${table} WHERE ${name} IS NULL)`;
};

export interface Keys {
  /** SELECT of `sys_id`, the place and what the order needs, ordered; LIMIT is to follow. */
  readonly sql: string;
  /** The class in whose table the places are. */
  readonly owner: string;
  /** The same order for a statement that has these keys under the alias. */
  readonly order: string;
}

/** `ahead`: only of so many rows that come first in the order, which are walked along the index of the order's first field. */
export const keysOf = (writer: Writer, query: BoundQuery, alias: string, ahead?: number): Keys => {
  const { dialect } = writer;
  const [first] = query.order;
  const isAhead = ahead !== undefined && first !== undefined;
  const owner = isAhead ? first.path.field.table : startingClass(query);
  const from = makeFrom(writer, query.table, owner);
  // The sign before the condition keeps SQLite from an index for it: it would go by that, and sort.
  const where = isAhead
    ? ` WHERE +(${makeConditionWriter(writer, from)(query.condition)}) AND ${foremost(writer, first, from.column(first.path), ahead)}`
    : whereOf(writer, from, query.condition);
  const list = [`${from.sysId.sql} AS ${dialect.name('sys_id')}`];
  if (from.place !== undefined) list.push(`${from.place} AS ${dialect.name(placeName)}`);
  const inside: string[] = [];
  const outside: string[] = [];
  const seen = new Set<string>();
  const add = ({ sql, type }: Column, isDescending: boolean, name: string): void => {
    const isKey = sql === from.sysId.sql;
    inside.push(dialect.orderTerm(sql, type, isDescending, isKey));
    outside.push(dialect.orderTerm(writer.column(alias, name), type, isDescending, isKey));
  };
  for (const { path, isDescending } of query.order) {
    const column = from.column(path);
    if (seen.has(column.sql)) continue;
    seen.add(column.sql);
    if (column.sql === from.sysId.sql) {
      add(column, isDescending, 'sys_id');
      break;
    }
    const name = `o${seen.size}`;
    list.push(`${column.sql} AS ${dialect.name(name)}`);
    add(column, isDescending, name);
  }
  // The last key makes every order total, so that pages neither repeat nor miss a row. Behind a unique key nothing can follow.
  if (!seen.has(from.sysId.sql)) add(from.sysId, false, 'sys_id');
  const sql = `SELECT ${list.join(', ')} FROM ${from.sql()}${where} ORDER BY ${inside.join(', ')}`;
  return { sql, owner, order: outside.join(', ') };
};
