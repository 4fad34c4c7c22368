// Statements over many rows: of few different lengths, so that both engines know them prepared. Knows columns, knows no rules.
import type { ColumnType, Dialect, Transaction, Value } from '../store/store.ts';
import { runAll, type Statement } from './statements.ts';

export interface TypedColumn {
  readonly name: string;
  readonly type: ColumnType;
}

const mostParameters = 6_000;
const mostRows = 128;

/** Pieces of 128, 64, 32 … 1 rows: eight lengths are all that a statement ever has. */
export function* inPieces<T>(rows: readonly T[], width: number): Iterable<readonly T[]> {
  let size = mostRows;
  while (size > 1 && size * width > mostParameters) size /= 2;
  for (let at = 0; at < rows.length; at += size) {
    while (size > rows.length - at) size /= 2;
    yield rows.slice(at, at + size);
  }
}

/**
 * `($1, $2), ($3, $4)`: so many rows of so many columns, first in their statement. SQLite looks for a parameter that has a number in the
 * list of all that have one, so that thousands of them take longer to bind than to write: those of lists have none.
 */
export const tuplesOf = (dialect: Dialect, count: number, width: number): string => {
  const place = (n: number): string => (dialect.engine === 'sqlite' ? '?' : dialect.parameter(n));
  return Array.from(
    { length: count },
    (_, row) => `(${Array.from({ length: width }, (__, at) => place(row * width + at + 1)).join(', ')})`,
  ).join(', ');
};

/** INSERTs of rows into these columns; the text for each number of rows is made once. They throw `store.duplicate`. */
export const insertsInto = (table: string, columns: readonly string[]) => {
  const texts = { sqlite: new Map<number, string>(), postgres: new Map<number, string>() };
  const textFor = (dialect: Dialect, count: number): string => {
    const known = texts[dialect.engine].get(count);
    if (known !== undefined) return known;
    const into = `INSERT INTO ${dialect.name(table)} (${columns.map((column) => dialect.name(column)).join(', ')}) VALUES `;
    const made = into + tuplesOf(dialect, count, columns.length);
    texts[dialect.engine].set(count, made);
    return made;
  };
  return function* (dialect: Dialect, rows: ReadonlyArray<readonly Value[]>): Iterable<Statement> {
    for (const piece of inPieces(rows, columns.length))
      yield { sql: textFor(dialect, piece.length), parameters: piece.length === 1 ? (piece[0] ?? []) : piece.flat() };
  };
};

/** Throws `store.duplicate`. */
export const insertMany = (
  transaction: Transaction,
  table: string,
  columns: readonly string[],
  rows: ReadonlyArray<readonly Value[]>,
): Promise<void> => runAll(transaction, insertsInto(table, columns)(transaction.dialect, rows));

// What a list of values leaves untyped is text to PostgreSQL. Both engines understand these words.
const typed = (sql: string, type: ColumnType): string =>
  type === 'integer' ? `CAST(${sql} AS bigint)` : type === 'real' ? `CAST(${sql} AS double precision)` : sql;

/** Rows are a sys_id and then the values of `columns`; no sys_id may stand twice, and no column may hold blobs. */
export const updateMany = async (
  transaction: Transaction,
  table: string,
  columns: readonly TypedColumn[],
  rows: ReadonlyArray<readonly Value[]>,
): Promise<void> => {
  const { dialect } = transaction;
  const name = dialect.name(table);
  // Both engines call the columns of a list of values so.
  const sets = columns.map((column, at) => `${dialect.name(column.name)} = ${typed(`given.column${at + 2}`, column.type)}`);
  const width = columns.length + 1;
  for (const piece of inPieces(rows, width)) {
    const given = tuplesOf(dialect, piece.length, width);
    await transaction.run(
      `UPDATE ${name} SET ${sets.join(', ')} FROM (VALUES ${given}) AS given WHERE ${name}.sys_id = given.column1`,
      piece.flat(),
    );
  }
};
