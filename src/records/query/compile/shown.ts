// What a reference shows, as one expression of the select list. A subquery for each, not a join: it is read only for the rows of the
// page, and a record with 70 references would pass SQLite's limit of 64 joined tables.
import type { Path } from '../bound.ts';
import type { Column } from './from.ts';
import type { Writer } from './writer.ts';

/** SQL for the text at the end of `display`, whose first step is the reference that lies in `reference`. */
export const shownText = (writer: Writer, reference: Column, display: Path | undefined): string | undefined => {
  const [step, ...rest] = display?.steps ?? [];
  if (!display || !step) return undefined;
  const { dialect } = writer;
  const next = rest[0]?.field ?? display.field;
  const key = step.field.referenceKey === '' ? 'sys_id' : step.field.referenceKey;
  const keyField = step.target.fields.get(key);
  const keyType = keyField?.columnType ?? 'text';
  const keyOwner = key === 'sys_id' ? next.table : (keyField?.table ?? next.table);
  const alias = writer.alias();
  const keyColumn = writer.column(alias, keyField?.column ?? key);
  let from = `${dialect.name(keyOwner)} ${dialect.name(alias)}`;
  let at = alias;
  if (keyOwner !== next.table) {
    at = writer.alias();
    from += ` JOIN ${dialect.name(next.table)} ${dialect.name(at)} ON ${writer.column(at, 'sys_id')} = ${writer.column(alias, 'sys_id')}`;
  }
  const column: Column = { sql: writer.column(at, next.column), type: next.columnType };
  const value = rest.length > 0 ? shownText(writer, column, { ...display, steps: rest }) : column.sql;
  // A name that is not unique shows the first of its records, on every engine.
  const one = key === 'sys_id' ? '' : ` ORDER BY ${writer.column(alias, 'sys_id')} LIMIT 1`;
  return `(SELECT ${value} FROM ${from} WHERE ${dialect.comparable(keyColumn, keyType)} = ${dialect.comparable(reference.sql, keyType)}${one})`;
};
