// The seam to the database engines: rows in and out. Knows SQL, knows no meaning. Members: sqlite, postgres.
// Every member passes test/contracts/store.ts.

/**
 * What a row holds. Moments, references and choices are text; booleans are 0 or 1. One rule on both engines: integers come back as
 * numbers when a number holds them exactly, else as text; other numbers as numbers; text as text; blobs as Uint8Array.
 * Text with NUL or unpaired surrogates is refused (`store.bad_text`), NaN and the infinities too (`store.bad_number`); what does not
 * fit the type of its column is `store.bad_value`, NULL where none may be `store.missing_value` (all bad_request).
 */
export type Value = string | number | null | Uint8Array;

/** `text_nocase` compares without regard to ASCII case, on both engines, also in indexes and ORDER BY. */
export type ColumnType = 'text' | 'text_nocase' | 'integer' | 'real' | 'blob';

export interface ColumnShape {
  name: string;
  type: ColumnType;
  notNull?: boolean;
}

export interface IndexShape {
  name: string;
  columns: readonly string[];
  unique?: boolean;
  /** Rows without a value in its first column are not in it: for what few rows have. */
  isSparse?: boolean;
}

/**
 * One real table. The first column is the primary key unless `primaryKey` names others. Unique indexes let any number of NULLs in.
 * A `notNull` column added to a table that exists gets '' or 0 in the rows that are there.
 */
export interface TableShape {
  name: string;
  columns: readonly ColumnShape[];
  primaryKey?: readonly string[];
  indexes?: readonly IndexShape[];
  /** How full PostgreSQL makes a page, so that a row that is about to change finds room beside itself and touches no index. */
  fillPercent?: number;
}

/**
 * How one engine writes what the other writes otherwise. Identifiers passed in come from the dictionary, never from a caller.
 * Letters fold for ASCII only, and text sorts by its UTF-8 bytes: the one rule that both engines follow without an extension.
 */
export interface Dialect {
  readonly engine: 'sqlite' | 'postgres';
  /** Quoted identifier. */
  name(identifier: string): string;
  /** Placeholder of the n-th parameter, from 1. The same n may stand in a statement more than once. */
  parameter(n: number): string;
  /** The form of a column in which two values compare as its type says (`lower(x)` for text_nocase on PostgreSQL, the bare column on SQLite). */
  comparable(columnSql: string, type: ColumnType): string;
  /** The same for a parameter that stands on the other side of a comparison with such a column. */
  comparableParameter(parameterSql: string, type: ColumnType): string;
  /** `x LIKE pattern` of two texts without regard to ASCII case; the pattern escapes with backslash. */
  like(textSql: string, patternSql: string): string;
  /**
   * ORDER BY term; empty values come first ascending and last descending, on both engines. A column of a primary key is never empty:
   * PostgreSQL walks along an index only where the two agree about where empty values would be, and a key's index has them last.
   */
  orderTerm(columnSql: string, type: ColumnType, descending: boolean, isKey?: boolean): string;
  /** Any column as text: blobs in hex, reals with 15 digits (equal on both engines from 0.0001 to 1e15, for numbers of no more digits than that). */
  asText(columnSql: string, type: ColumnType): string;
  /** Names where a row lies in its table, which is a shorter way back to it than its key within one statement; absent where there is none. */
  readonly rowPlace?: string;
  /** Appended to a SELECT inside a transaction that reads rows in order to change them. */
  readonly forUpdate: string;
  /**
   * A SELECT that makes this transaction find rows by index wherever there is one; '' where the engine does so anyway. A plan that
   * PostgreSQL made while a table was small reads the whole of it, and is kept while an import makes it large.
   */
  readonly preferIndexes: string;
}

export interface ReadOptions {
  /** The statement may run long: it goes where it does not hold up the others (SQLite: a reader process). */
  long?: boolean;
  /**
   * Whatever the parameters are, an index leads to few rows: one plan serves all of them, and others may wait behind it (PostgreSQL:
   * several at a time on one connection).
   */
  steady?: boolean;
  /** A steady statement that stands for all that was asked in this turn: there is nothing to wait for that could travel with it. */
  gathered?: boolean;
  /** Milliseconds after which the statement is cancelled and `store.query_cancelled` is thrown. On SQLite it binds long reads only. */
  timeLimitMs?: number;
}

/**
 * A statement that fails dooms its transaction: whatever follows fails with the same error, and so does the write, also when the work
 * caught it. To go on where a row exists already, write INSERT … ON CONFLICT DO NOTHING.
 */
export interface Transaction {
  readonly dialect: Dialect;
  /** Sees what this transaction wrote. Rows as arrays, in the order of the select list. */
  read(sql: string, parameters?: readonly Value[]): Promise<Value[][]>;
  /** Runs a changing statement; the answer is the number of rows it touched. Throws Fault `store.duplicate` (kind conflict) on a unique violation. */
  run(sql: string, parameters?: readonly Value[]): Promise<number>;
  /**
   * A changing statement whose answer nobody needs: it travels with what comes next, the commit too. The write fails where it fails, with
   * the same Fault.
   */
  send(sql: string, parameters?: readonly Value[]): void;
  /** Creates what is missing (tables, columns, indexes), never drops. Part of this transaction. */
  define(tables: readonly TableShape[]): Promise<void>;
  /** Raises the counter of a topic: every process drops what it cached under it. */
  bump(topic: string): Promise<void>;
  /** Called once after this transaction is durable; never when it was rolled back. */
  afterCommit(work: () => void): void;
}

export interface CommitOptions {
  /**
   * Resolved before the disk has it: a loss of power may take it back, the end of this process does not, and the next ordinary write
   * makes it durable too. Only for what is done again when it is lost.
   */
  isRelaxed?: boolean;
  /**
   * Rows are found by index wherever there is one, as SQLite does anyway: a plan that PostgreSQL made while a table was small reads the
   * whole of it, and is kept while the table grows.
   */
  prefersIndexes?: boolean;
}

export interface Store {
  readonly dialect: Dialect;
  /** Committed rows only. Throws `store.unreachable` (unavailable), and `store.overloaded` (rate_limited) when too many wait. */
  read(sql: string, parameters?: readonly Value[], options?: ReadOptions): Promise<Value[][]>;
  /**
   * One durable transaction: resolved only after its commit has reached the disk; rolled back when `work` throws.
   * `work` may await nothing but the transaction (no network, no timers, no other write: that is refused), and may run more than once
   * (serialisation failures are retried), so it changes nothing else. PostgreSQL runs it at read committed: rows that are read in order
   * to be changed need `dialect.forUpdate`. On SQLite the writes of one event-loop turn share a commit, each behind its own
   * savepoint. Throws, after retries, `store.busy`, `store.unreachable`, `store.not_written` (a group was lost) and `store.unusable` (kind
   * unavailable), and `store.overloaded` (rate_limited) when too many wait.
   */
  write<T>(work: (transaction: Transaction) => Promise<T>, options?: CommitOptions): Promise<T>;
  /** The counter of a topic as last seen by this process; cheap enough for every request. SQLite: exact to the turn of the event loop. PostgreSQL: other processes' bumps arrive by NOTIFY. */
  topic(topic: string): number;
  /** For the health page; cheap. The location without user and password. */
  describe(): Promise<{ engine: string; version: string; location: string }>;
  /** Finishes what was begun, then lets go of files and connections. */
  close(): Promise<void>;
}
