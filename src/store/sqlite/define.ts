// Makes the tables, columns and indexes that a shape names and the file lacks. Never drops and never changes what is there.
import { fitted, indexName, quoted } from '../identifiers.ts';
import { emptyLiteral, primaryKeyOf, sparseSql } from '../shapes.ts';
import type { ColumnShape, ColumnType, TableShape } from '../store.ts';
import type { Connection } from './connection.ts';

const columnTypes: Readonly<Record<ColumnType, string>> = {
  text: 'TEXT',
  text_nocase: 'TEXT COLLATE NOCASE',
  integer: 'INTEGER',
  real: 'REAL',
  blob: 'BLOB',
};

export const defineTables = (connection: Connection, tables: readonly TableShape[]): void => {
  for (const table of tables) {
    const present = new Set(connection.all('SELECT name FROM pragma_table_info(?1)', [fitted(table.name)]).map((row) => row[0]));
    if (present.size === 0) connection.run(createTable(table));
    else {
      for (const column of table.columns) {
        if (!present.has(fitted(column.name)))
          connection.run(`ALTER TABLE ${quoted(table.name)} ADD COLUMN ${addedColumn(column)}`);
      }
    }
    for (const index of table.indexes ?? []) {
      const columns = index.columns.map(quoted).join(', ');
      const name = quoted(indexName(table.name, index.name));
      connection.run(
        `CREATE ${index.unique ? 'UNIQUE ' : ''}INDEX IF NOT EXISTS ${name} ON ${quoted(table.name)} (${columns})${sparseSql(index)}`,
      );
    }
  }
};

// STRICT: a column refuses what is not of its type, as PostgreSQL's do.
const createTable = (table: TableShape): string => {
  const key = primaryKeyOf(table);
  const columns = table.columns.map((column) => {
    const notNull = column.notNull || key.includes(column.name);
    return `${quoted(column.name)} ${columnTypes[column.type]}${notNull ? ' NOT NULL' : ''}`;
  });
  return `CREATE TABLE ${quoted(table.name)} (${columns.join(', ')}, PRIMARY KEY (${key.map(quoted).join(', ')})) STRICT`;
};

const addedColumn = (column: ColumnShape): string => {
  const notNull = column.notNull ? ` NOT NULL DEFAULT ${emptyLiteral(column.type, "x''")}` : '';
  return `${quoted(column.name)} ${columnTypes[column.type]}${notNull}`;
};
