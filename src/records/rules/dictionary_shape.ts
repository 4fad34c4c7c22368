// What stands in the dictionary and in the store, as the rules about tables and fields need to know it inside their transaction, and
// the memory of columns whose field is gone. Columns are never dropped: one that is given up is emptied, and taken up again only by
// a field of the same kind.
import type { TableShape, Transaction } from '../../store/store.ts';
import { fieldTypeOf } from '../field_types/index.ts';

/** Columns that no field stands for any more. */
export const retiredColumnTable: TableShape = {
  name: 'causeway_retired_column',
  columns: [
    { name: 'table_name', type: 'text', notNull: true },
    { name: 'column_name', type: 'text', notNull: true },
    { name: 'column_kind', type: 'text', notNull: true },
  ],
  primaryKey: ['table_name', 'column_name'],
};

export const exists = async (
  transaction: Transaction,
  table: string,
  match: Readonly<Record<string, string>>,
): Promise<boolean> => {
  const { dialect } = transaction;
  const terms = Object.keys(match).map((column, at) => `${dialect.name(column)} = ${dialect.parameter(at + 1)}`);
  const where = terms.length > 0 ? ` WHERE ${terms.join(' AND ')}` : '';
  const rows = await transaction.read(`SELECT 1 FROM ${dialect.name(table)}${where} LIMIT 1`, Object.values(match));
  return rows.length > 0;
};

export const count = async (transaction: Transaction, table: string, column: string, value?: string): Promise<number> => {
  const { dialect } = transaction;
  const where = value === undefined ? '' : ` WHERE ${dialect.name(column)} = ${dialect.parameter(1)}`;
  const [row] = await transaction.read(`SELECT COUNT(*) FROM ${dialect.name(table)}${where}`, value === undefined ? [] : [value]);
  return Number(row?.[0] ?? 0);
};

/** Whether the program brought the row, and so counts on it. */
export const isBuiltIn = (transaction: Transaction, sysId: string): Promise<boolean> =>
  exists(transaction, 'causeway_seed', { sys_id: sysId });

/** Names of the tables above `name` and below it, without itself. */
export const relativesOf = async (transaction: Transaction, name: string): Promise<{ above: string[]; below: string[] }> => {
  const n = transaction.dialect.name;
  const rows = await transaction.read(`SELECT sys_id, ${n('name')}, ${n('super_class')} FROM ${n('sys_db_object')}`);
  const nameOf = new Map(rows.map(([sysId, table]) => [String(sysId), String(table)]));
  const parentOf = new Map(
    rows.map(([, table, parent]) => [String(table), parent === null ? '' : (nameOf.get(String(parent)) ?? '')]),
  );
  const above: string[] = [];
  for (let at = parentOf.get(name) ?? ''; at !== '' && !above.includes(at); at = parentOf.get(at) ?? '') above.push(at);
  const below = [name];
  for (const each of below)
    for (const [table, parent] of parentOf) if (parent === each && !below.includes(table)) below.push(table);
  return { above, below: below.slice(1) };
};

/** What a column is, as far as a field that takes it up must be the same. undefined: the type stores nothing. */
export const columnKind = (type: string, isUnique: boolean): string | undefined => {
  const { columnType } = fieldTypeOf(type);
  return columnType && `${columnType}${isUnique ? ' unique' : ''}`;
};

export const retireColumn = async (
  transaction: Transaction,
  column: { table: string; name: string; kind: string },
): Promise<void> => {
  const { dialect } = transaction;
  const [table, name] = [dialect.name(column.table), dialect.name(column.name)];
  await transaction.run(`UPDATE ${table} SET ${name} = NULL WHERE ${name} IS NOT NULL`);
  await transaction.run(
    `INSERT INTO ${dialect.name(retiredColumnTable.name)} (table_name, column_name, column_kind)` +
      ` VALUES (${[1, 2, 3].map((at) => dialect.parameter(at)).join(', ')}) ON CONFLICT DO NOTHING`,
    [column.table, column.name, column.kind],
  );
};

/** Takes a retired column up again. False when it was one of another kind. */
export const reviveColumn = async (
  transaction: Transaction,
  column: { table: string; name: string; kind: string | undefined },
): Promise<boolean> => {
  const { dialect } = transaction;
  const retired = dialect.name(retiredColumnTable.name);
  const where = `WHERE table_name = ${dialect.parameter(1)} AND column_name = ${dialect.parameter(2)}`;
  const [found] = await transaction.read(`SELECT column_kind FROM ${retired} ${where}`, [column.table, column.name]);
  if (!found) return true;
  if (found[0] !== column.kind) return false;
  await transaction.run(`DELETE FROM ${retired} ${where}`, [column.table, column.name]);
  return true;
};
