// Makes the tables, columns and indexes that a shape names and the database lacks. Never drops and never changes what is there, but for
// indexes in an order that no statement asks for any more.
import { fitted, indexName, quoted } from '../identifiers.ts';
import { columnOf, emptyLiteral, primaryKeyOf, sparseSql } from '../shapes.ts';
import type { ColumnShape, ColumnType, IndexShape, TableShape } from '../store.ts';
import type { Lease } from './connections.ts';
import { postgresDialect } from './dialect.ts';

const columnTypes: Readonly<Record<ColumnType, string>> = {
  text: 'text COLLATE "C"',
  text_nocase: 'text COLLATE "C"',
  integer: 'bigint',
  real: 'double precision',
  blob: 'bytea',
};

// Any number, as long as every process of the product takes the same.
const defineLock = 7_118_520_261;

/** Part of the caller's transaction. Processes that define at the same time wait for one another, without limit: an index may take long. */
export const defineTables = async (lease: Lease, tables: readonly TableShape[]): Promise<void> => {
  await lease.exec('SET LOCAL lock_timeout = 0; SET LOCAL statement_timeout = 0');
  await lease.exec(`SELECT pg_advisory_xact_lock(${defineLock})`);
  const present = await readPresent(lease, tables);
  const statements = tables.flatMap((table) => missingParts(table, present));
  if (statements.length > 0) await lease.exec(statements.join(';\n'));
};

interface Present {
  /** Table → its columns. */
  columns: ReadonlyMap<string, ReadonlySet<string>>;
  /** Of the tables: how full their pages are made, where somebody said so. */
  fillPercents: ReadonlyMap<string, number>;
  /** Index → for each of its columns, whether empty values come first. */
  indexes: ReadonlyMap<string, string>;
}

const readPresent = async (lease: Lease, tables: readonly TableShape[]): Promise<Present> => {
  const names = JSON.stringify(tables.map((table) => fitted(table.name)));
  const columns = new Map<string, Set<string>>();
  const fillPercents = new Map<string, number>();
  const indexes = new Map<string, string>();
  const attributes = await lease.query(
    `SELECT c.relname, a.attname, substring(array_to_string(c.reloptions, ' ') FROM 'fillfactor=([0-9]+)') FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
     WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind IN ('r', 'p') AND a.attnum > 0 AND NOT a.attisdropped
       AND c.relname IN (SELECT json_array_elements_text($1::json))`,
    [names],
    0,
  );
  for (const [table, column, fillPercent] of attributes.rows) {
    if (fillPercent !== null) fillPercents.set(String(table), Number(fillPercent));
    const known = columns.get(String(table)) ?? new Set<string>();
    columns.set(String(table), known.add(String(column)));
  }
  const indexed = await lease.query(
    // The second bit of an option says that empty values come first.
    `SELECT i.relname, (SELECT string_agg(CASE WHEN o & 2 = 2 THEN 'first' ELSE 'last' END, ' ' ORDER BY at)
       FROM unnest(x.indoption::int2[]) WITH ORDINALITY AS options(o, at))
     FROM pg_index x JOIN pg_class i ON i.oid = x.indexrelid JOIN pg_class c ON c.oid = x.indrelid
     WHERE c.relnamespace = current_schema()::regnamespace AND c.relname IN (SELECT json_array_elements_text($1::json))`,
    [names],
    0,
  );
  for (const [index, emptyValues] of indexed.rows) indexes.set(String(index), String(emptyValues));
  return { columns, fillPercents, indexes };
};

const missingParts = (table: TableShape, present: Present): string[] => {
  const name = quoted(table.name);
  const columns = present.columns.get(fitted(table.name));
  const statements: string[] = [];
  if (!columns) statements.push(createTable(table));
  else {
    for (const column of table.columns) {
      if (!columns.has(fitted(column.name))) statements.push(`ALTER TABLE ${name} ADD COLUMN ${addedColumn(column)}`);
    }
  }
  // Of the pages that come; those that are there stay as full as they are.
  if (table.fillPercent !== undefined && present.fillPercents.get(fitted(table.name)) !== table.fillPercent)
    statements.push(`ALTER TABLE ${name} SET (fillfactor = ${table.fillPercent})`);
  for (const index of indexesOf(table)) {
    const known = present.indexes.get(indexName(table.name, index.name));
    const isKey = (column: string): boolean => hasPlainKey(table) && primaryKeyOf(table).includes(column);
    if (known === index.columns.map((column) => (isKey(column) ? 'last' : 'first')).join(' ')) continue;
    if (known !== undefined) statements.push(`DROP INDEX ${quoted(indexName(table.name, index.name))}`);
    const terms = index.columns.map((column) =>
      postgresDialect.orderTerm(quoted(column), columnOf(table, column).type, false, isKey(column)),
    );
    statements.push(
      `CREATE ${index.unique ? 'UNIQUE ' : ''}INDEX ${quoted(indexName(table.name, index.name))} ON ${name} (${terms.join(', ')})${sparseSql(index)}`,
    );
  }
  return statements;
};

const hasPlainKey = (table: TableShape): boolean =>
  primaryKeyOf(table).every((column) => columnOf(table, column).type !== 'text_nocase');

// A primary key cannot be over an expression; where case does not count, a unique index takes its place.
const indexesOf = (table: TableShape): readonly IndexShape[] => {
  const indexes = table.indexes ?? [];
  return hasPlainKey(table) ? indexes : [{ name: `${table.name}_pkey`, columns: primaryKeyOf(table), unique: true }, ...indexes];
};

const createTable = (table: TableShape): string => {
  const key = primaryKeyOf(table);
  const columns = table.columns.map((column) => {
    const notNull = column.notNull || key.includes(column.name);
    return `${quoted(column.name)} ${columnTypes[column.type]}${notNull ? ' NOT NULL' : ''}`;
  });
  const keyName = quoted(indexName(table.name, `${table.name}_pkey`));
  if (hasPlainKey(table)) columns.push(`CONSTRAINT ${keyName} PRIMARY KEY (${key.map(quoted).join(', ')})`);
  return `CREATE TABLE ${quoted(table.name)} (${columns.join(', ')})`;
};

const addedColumn = (column: ColumnShape): string => {
  const notNull = column.notNull ? ` NOT NULL DEFAULT ${emptyLiteral(column.type, "''::bytea")}` : '';
  return `${quoted(column.name)} ${columnTypes[column.type]}${notNull}`;
};
