// Dictionary → real tables: one table for each table of the dictionary, holding its own fields; a record of `incident` has a row in
// `task` and one in `incident` under one sys_id.
import type { ColumnShape, IndexShape, TableShape } from '../store/store.ts';
import type { TableDefinition } from './definition.ts';
import { fieldTypeOf } from './field_types/index.ts';

export interface StoredField {
  readonly element: string;
  readonly type: string;
  readonly unique?: boolean | undefined;
}

export interface StoredTable {
  readonly name: string;
  /** False for a table that extends another: it repeats nothing but sys_id. */
  readonly isRoot: boolean;
  /** Own fields; of a root with the system fields. */
  readonly fields: readonly StoredField[];
  readonly indexes?: TableDefinition['indexes'];
  readonly fillPercent?: number | undefined;
}

const columnsOf = (table: StoredTable): ColumnShape[] => {
  const columns: ColumnShape[] = [{ name: 'sys_id', type: 'text', notNull: true }];
  for (const field of table.fields) {
    const type = fieldTypeOf(field.type).columnType;
    if (type && field.element !== 'sys_id') columns.push({ name: field.element, type });
  }
  return columns;
};

const indexName = (table: string, columns: readonly string[], unique: boolean): string =>
  `${unique ? 'u' : 'i'}_${table}_${columns.join('_')}`;

/** The real table behind a table of the dictionary. */
export const shapeOf = (table: StoredTable): TableShape => {
  const indexes: IndexShape[] = [];
  for (const { columns, unique = false, isSparse = false } of table.indexes ?? [])
    indexes.push({ name: indexName(table.name, columns, unique), columns, unique, ...(isSparse ? { isSparse } : {}) });
  for (const { element, unique } of table.fields) {
    if (unique) indexes.push({ name: indexName(table.name, [element], true), columns: [element], unique: true });
  }
  const { fillPercent } = table;
  return { name: table.name, columns: columnsOf(table), indexes, ...(fillPercent === undefined ? {} : { fillPercent }) };
};
