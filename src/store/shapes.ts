// Tables of the store itself, and what both engines read out of a shape.
import { quoted } from './identifiers.ts';
import type { ColumnShape, ColumnType, IndexShape, TableShape } from './store.ts';

/** The counters behind `topic` and `bump`: one row per topic, raised in the transaction that changes what the topic stands for. */
export const topicTable: TableShape = {
  name: 'causeway_topic',
  columns: [
    { name: 'name', type: 'text', notNull: true },
    { name: 'counter', type: 'integer', notNull: true },
  ],
};

export const primaryKeyOf = (table: TableShape): readonly string[] => {
  const first = table.columns[0];
  if (!first) throw new Error(`table ${table.name} has no columns`);
  return table.primaryKey ?? [first.name];
};

export const columnOf = (table: TableShape, name: string): ColumnShape => {
  const column = table.columns.find((candidate) => candidate.name === name);
  if (!column) throw new Error(`table ${table.name} has no column ${name}`);
  return column;
};

/** What existing rows get in a column that is added later and must not be NULL. */
export const emptyLiteral = (type: ColumnType, blobLiteral: string): string => {
  if (type === 'integer' || type === 'real') return '0';
  return type === 'blob' ? blobLiteral : "''";
};

/** What stands behind the columns of an index that few rows are in. */
export const sparseSql = ({ columns: [first], isSparse }: IndexShape): string =>
  isSparse && first !== undefined ? ` WHERE ${quoted(first)} IS NOT NULL` : '';
