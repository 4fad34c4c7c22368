// The one door to rows: every room above reads and writes records through this, with a caller whose rights bind it.
import type { Transaction, Value } from '../store/store.ts';
import type { Caller } from './caller.ts';
import type { Dictionary, Field, Table } from './dictionary.ts';
import type { AskedFigures } from './query/aggregate_shape.ts';
import type { AggregateStatement } from './query/compile/aggregate.ts';

/** A stored record: element → stored value as text, '' when empty. No prototype. Journals are not in it. */
export type Row = Readonly<Record<string, string>>;
/** What a caller wants written: element → text, or null to clear. Values of other types were turned to text at the door. */
export type Values = Readonly<Record<string, string | null>>;

export type DisplayMode = 'false' | 'true' | 'all';

export interface ListRequest {
  table: string;
  /** Encoded query, as sent. */
  query?: string;
  /** Bare `field=value` filters of the URL, ANDed with the query; labels and display values allowed. */
  filters?: ReadonlyArray<readonly [field: string, value: string]>;
  /** Dot-walks allowed; unknown names dropped. Undefined: all readable. */
  fields?: readonly string[];
  limit?: number;
  offset?: number;
  withCount?: boolean;
  display?: DisplayMode;
  /** What a term that cannot be understood does: as the property says, or always match nothing (anything that writes). */
  onInvalidTerm?: 'as_configured' | 'match_nothing';
}

/** One answered column. `valueAt` and `displayAt` point into each row; a reference also carries its target for links. */
export interface Column {
  /** As asked for: `number`, `caller_id.email`. */
  readonly key: string;
  readonly field: Field | undefined;
  readonly valueAt: number;
  /** -1 where the display value is computed from the value alone. */
  readonly displayAt: number;
  /** Where in a row stands whether the column is shown in it (1 or 0); absent: it is. */
  readonly grantedAt?: number;
}

/** Rows as the store gave them, with the columns that explain them. present.ts turns it into JSON or XML text. */
export interface Selection {
  readonly table: Table;
  readonly columns: readonly Column[];
  readonly rows: readonly (readonly Value[])[];
  /** Rows of the query without limit and offset; undefined when not asked for. */
  readonly total: number | undefined;
}

/** A new record as the caller may see it; `sysId` is known even where the caller may not read, or did not ask for, that column. */
export interface Inserted extends Selection {
  readonly sysId: string;
}

/** What is counted, measured and grouped; names that are no fields are left out. */
export interface FiguresRequest
  extends Pick<ListRequest, 'table' | 'query' | 'filters' | 'display' | 'onInvalidTerm'>,
    AskedFigures {}

/** One row for each group, or one row. `groups` and `figures` say where in a row each stands. */
export interface Figures extends Pick<AggregateStatement, 'groups' | 'figures'> {
  readonly table: Table;
  readonly rows: readonly (readonly Value[])[];
}

/** A field that the caller may read, and whether he may write it as well: in some records at least. */
export interface ReadableField {
  readonly field: Field;
  readonly inEveryRow: boolean;
  readonly mayWrite: boolean;
}

export interface WriteOptions {
  fields?: readonly string[];
  display?: DisplayMode;
  /** Values are display values: reference names, choice labels, moments in the caller's zone. */
  valuesAreDisplay?: boolean;
  /** An update leaves sys_updated_* and sys_mod_count as they are; a new record has them all the same. */
  suppressAutoSysField?: boolean;
}

export interface Change {
  readonly table: Table;
  readonly sysId: string;
  readonly operation: 'insert' | 'update' | 'delete';
  /** Empty object on insert. */
  readonly before: Row;
  /** Empty object on delete. */
  readonly after: Row;
  /** Elements whose stored value differs. */
  readonly changed: readonly string[];
  /** New journal entries of this change. */
  readonly journals: ReadonlyArray<{ element: string; text: string }>;
  readonly caller: Caller;
}

/**
 * What other rooms do when records change: the list is filled once, by instance.ts. A rule sees every change of its tables and of
 * the tables that extend them.
 */
export interface Rule {
  readonly name: string;
  /** Table names, or 'all'. */
  readonly tables: readonly string[] | 'all';
  /** Before the transaction; may use the network; may add or change values. `before` is empty on insert. Throws Fault to refuse. */
  prepare?(proposal: {
    table: Table;
    operation: 'insert' | 'update';
    before: Row;
    values: Record<string, string | null>;
    caller: Caller;
  }): Promise<void>;
  /** Inside the transaction, before the row is written. Throws Fault to refuse; may change `values` (final, stored form). */
  check?(
    transaction: Transaction,
    proposal: {
      table: Table;
      operation: 'insert' | 'update' | 'delete';
      before: Row;
      values: Record<string, string>;
      caller: Caller;
    },
  ): Promise<void>;
  /** Of several changes written together those that `applied` is to be called for; unsaid: all. */
  concerns?(transaction: Transaction, changes: readonly Change[]): Promise<readonly Change[]>;
  /** Inside the transaction, after the row was written. */
  applied?(transaction: Transaction, change: Change): Promise<void>;
}

export interface Records {
  readonly dictionary: () => Dictionary;
  list(caller: Caller, request: ListRequest): Promise<Selection>;
  figures(caller: Caller, request: FiguresRequest): Promise<Figures>;
  /** Throws Fault records.not_found when missing or hidden. */
  get(caller: Caller, table: string, sysId: string, options?: Pick<ListRequest, 'fields' | 'display'>): Promise<Selection>;
  insert(caller: Caller, table: string, values: Values, options?: WriteOptions): Promise<Inserted>;
  update(caller: Caller, table: string, sysId: string, values: Values, options?: WriteOptions): Promise<Selection>;
  remove(caller: Caller, table: string, sysId: string): Promise<void>;
  /** The tables that the caller may read, at least in part, in the order of their names. */
  readableTables(caller: Caller): Promise<readonly Table[]>;
  /** Throws `records.invalid_table`, `records.table_not_readable`. */
  readableFields(caller: Caller, table: string): Promise<readonly ReadableField[]>;
  /** Throws what an update of this record would: `records.not_found` where it is missing or hidden, `records.update_refused`. */
  requireWrite(caller: Caller, table: string, sysId: string): Promise<void>;

  /** For rooms, as the system: all stored fields of rows matching an encoded query (an invalid term matches nothing). */
  find(table: string, query: string, options?: { limit?: number; offset?: number }): Promise<Row[]>;
  /** Exact match of stored values, never parsed as query text; the way to look up a caller's words. Case as the column type says. */
  findBy(table: string, match: Values, options?: { limit?: number }): Promise<Row[]>;
  /** Inside a transaction that is already open; same rules, rights and hooks run. Answers the stored row. */
  within(transaction: Transaction): RecordsInTransaction;
  /** For many changes in one transaction; `expected` numbered records are going to be made. */
  gathering(transaction: Transaction, expected: number): GatheringRecords;
  /** The transaction of the store, for rooms that write records and their own rows together. */
  write<T>(work: (transaction: Transaction) => Promise<T>): Promise<T>;
}

export interface RecordsInTransaction {
  findBy(table: string, match: Values, options?: { limit?: number; forUpdate?: boolean }): Promise<Row[]>;
  /** Several look-ups at once, each answered as by findBy. */
  findMany(table: string, matches: readonly Values[], options: { limit: number; forUpdate?: boolean }): Promise<Row[][]>;
  find(table: string, query: string, options?: { limit?: number }): Promise<Row[]>;
  insert(caller: Caller, table: string, values: Values): Promise<Row>;
  /** `locked` is the record as this transaction read it for update, and spares reading it again. */
  update(caller: Caller, table: string, sysId: string, values: Values, locked?: Row): Promise<Row>;
  remove(caller: Caller, table: string, sysId: string): Promise<void>;
}

/**
 * The same, but inserts and updates are written together: before the next read or write of anything else, or at `finish`. Rights, rules'
 * checks and defaults are applied at once; what a unique index or a rule behind the row refuses is thrown when the rows are written.
 */
export interface GatheringRecords extends RecordsInTransaction {
  /** Must be called, and awaited, before the transaction ends. */
  finish(): Promise<void>;
  /** What the rules of this transaction have written themselves, in statements. */
  otherWrites(): number;
}
