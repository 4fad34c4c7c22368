// FROM: which real tables a statement reads, and under which alias. A record has one row in the real table of each class of its
// chain; only those that hold a needed column are joined. References are followed by LEFT JOIN, once per reference and table.
import { Fault } from '../../../kit/fault.ts';
import type { ColumnType } from '../../../store/store.ts';
import type { Table } from '../../dictionary.ts';
import type { Path } from '../bound.ts';
import type { Writer } from './writer.ts';

export interface Column {
  readonly sql: string;
  readonly type: ColumnType;
}

export interface From {
  column(path: Path): Column;
  /** The record's sys_id, from whichever table the statement already starts at. */
  readonly sysId: Column;
  /** Where the row lies in the table the statement starts at; undefined where the engine has no such thing. */
  readonly place: string | undefined;
  /** To be read last, when every column was asked for. */
  sql(): string;
}

type Step = Path['steps'][number];

/** SQLite joins at most 64 tables. */
const joinLimit = 60;

interface Start {
  /** What stands first after FROM; asked for last. */
  sql(): string;
  readonly alias: string;
  /** The class whose own columns it has; undefined when it has none but the key. */
  readonly owner: string | undefined;
  /** The class whose rows it has the places of, under this name. */
  readonly places?: { readonly owner: string; readonly name: string } | undefined;
}

const makeJoins = (writer: Writer, table: Table, start: Start): From => {
  const { dialect } = writer;
  const sysId: Column = { sql: writer.column(start.alias, 'sys_id'), type: table.fields.get('sys_id')?.columnType ?? 'text' };
  const aliases = new Map<string, string>(start.owner === undefined ? [] : [[`.${start.owner}`, start.alias]]);
  const inner: string[] = [];
  const outer: string[] = [];

  const join = (into: string[], kind: 'JOIN' | 'LEFT JOIN', key: string, name: string, on: (alias: string) => string): string => {
    const known = aliases.get(key);
    if (known) return known;
    if (aliases.size >= joinLimit) {
      throw new Fault('bad_request', 'records.query_too_wide', 'Query follows too many references', {
        detail: `table ${table.name}`,
      });
    }
    const alias = writer.alias();
    aliases.set(key, alias);
    into.push(` ${kind} ${dialect.name(name)} ${dialect.name(alias)} ON ${on(alias)}`);
    return alias;
  };

  const placeIn = (alias: string): string | undefined => dialect.rowPlace && writer.column(alias, dialect.rowPlace);
  const rootAlias = (owner: string): string =>
    join(inner, 'JOIN', `.${owner}`, owner, (alias) => {
      const place = start.places?.owner === owner ? placeIn(alias) : undefined;
      return place
        ? `${place} = ${writer.column(start.alias, start.places?.name ?? '')}`
        : `${writer.column(alias, 'sys_id')} = ${sysId.sql}`;
    });
  // Only records that have a row in the table itself are records of it.
  if (start.owner !== undefined) rootAlias(table.name);

  // The row of `owner` behind a reference. Where the reference holds a sys_id any class of the target can be joined directly;
  // where it holds a name, first the class that has the name.
  const targetAlias = (trail: string, reference: Column, { field: by, target, hidden = [] }: Step, owner: string): string => {
    // Each class has a row of its own for every record of it.
    const isSeen = (alias: string): string =>
      hidden
        .map(({ name }) => {
          const other = writer.alias();
          const from = `${dialect.name(name)} ${dialect.name(other)}`;
          return ` AND NOT EXISTS (SELECT 1 FROM ${from} WHERE ${writer.column(other, 'sys_id')} = ${writer.column(alias, 'sys_id')})`;
        })
        .join('');
    const key = (name: string): string => `${trail}.${name}`;
    if (by.referenceKey === 'sys_id' || by.referenceKey === '') {
      return join(
        outer,
        'LEFT JOIN',
        key(owner),
        owner,
        (alias) => `${writer.column(alias, 'sys_id')} = ${reference.sql}${isSeen(alias)}`,
      );
    }
    const keyField = target.fields.get(by.referenceKey);
    const keyOwner = keyField?.table ?? owner;
    const anchor = join(outer, 'LEFT JOIN', key(keyOwner), keyOwner, (alias) => {
      const type = keyField?.columnType ?? 'text';
      return `${dialect.comparable(writer.column(alias, keyField?.column ?? by.referenceKey), type)} = ${dialect.comparable(reference.sql, type)}${isSeen(alias)}`;
    });
    if (keyOwner === owner) return anchor;
    return join(
      outer,
      'LEFT JOIN',
      key(owner),
      owner,
      (alias) => `${writer.column(alias, 'sys_id')} = ${writer.column(anchor, 'sys_id')}`,
    );
  };

  const column = ({ steps, field }: Path): Column => {
    const first = steps[0]?.field ?? field;
    if (steps.length === 0 && field.element === 'sys_id') return sysId;
    let at: Column = { sql: writer.column(rootAlias(first.table), first.column), type: first.columnType };
    let trail = '';
    for (const [depth, step] of steps.entries()) {
      trail += `/${step.field.element}${step.hidden ? '!' : ''}`;
      const next = steps[depth + 1]?.field ?? field;
      const alias = targetAlias(trail, at, step, next.table);
      at = { sql: writer.column(alias, next.column), type: next.columnType };
    }
    return at;
  };

  const place = placeIn(start.alias);
  return { column, sysId, place, sql: () => `${start.sql()} ${dialect.name(start.alias)}${inner.join('')}${outer.join('')}` };
};

/** Records of `table`. `owner` is the class of its chain to start at, where that is not the table itself. */
export const makeFrom = (writer: Writer, table: Table, owner: string = table.name): From =>
  makeJoins(writer, table, { sql: () => writer.dialect.name(owner), alias: writer.alias(), owner });

/** Records of `table` whose keys a statement gives in a column `sys_id`, and their places as `places` says; it stands under `alias`. */
export const makeFromKeys = (
  writer: Writer,
  table: Table,
  keys: { sql: () => string; alias: string; places: NonNullable<Start['places']> },
): From => makeJoins(writer, table, { sql: () => `(${keys.sql()})`, alias: keys.alias, owner: undefined, places: keys.places });
