// Which of SQLite's error numbers are expected, and which Fault each becomes. Everything else stays what it was: a bug.
import { Fault, isFault } from '../../kit/fault.ts';
import type { Connection } from './connection.ts';

// https://www.sqlite.org/rescode.html
const primary = {
  busy: 5,
  locked: 6,
  noMemory: 7,
  readOnly: 8,
  ioError: 10,
  corrupt: 11,
  full: 13,
  cantOpen: 14,
  tooBig: 18,
  notDatabase: 26,
};
const extended = { primaryKey: 1555, unique: 2067, rowid: 2579, notNull: 1299, dataType: 3091 };

const unusable = new Set([
  primary.noMemory,
  primary.readOnly,
  primary.ioError,
  primary.corrupt,
  primary.full,
  primary.cantOpen,
  primary.notDatabase,
]);

/** The number of an error that SQLite raised; undefined for any other error. */
const errorNumber = (error: unknown): number | undefined => {
  const number = (error as { errcode?: unknown } | null)?.errcode;
  return typeof number === 'number' ? number : undefined;
};

export const isBusy = (error: unknown): boolean => {
  const number = errorNumber(error);
  return number !== undefined && ((number & 0xff) === primary.busy || (number & 0xff) === primary.locked);
};

export const busyFault = (cause: unknown): Fault =>
  new Fault('unavailable', 'store.busy', 'The database is busy', { cause, retryAfterSeconds: 1 });

/** The Fault for an expected failure, the error itself for any other. `connection` names the index behind a duplicate. */
export const sqliteFault = (error: unknown, connection?: Connection): unknown => {
  const number = errorNumber(error);
  if (number === undefined || isFault(error)) return error;
  const text = (error as Error).message;
  if (number === extended.unique || number === extended.primaryKey || number === extended.rowid) {
    const detail = connection ? `${uniqueIndexBehind(text, connection) ?? ''} ${text}`.trim() : text;
    return new Fault('conflict', 'store.duplicate', 'A record with this unique value exists already', { cause: error, detail });
  }
  if (number === extended.notNull)
    return new Fault('bad_request', 'store.missing_value', 'A required value is missing', { cause: error, detail: text });
  if (number === extended.dataType)
    return new Fault('bad_request', 'store.bad_value', 'A value does not fit its field', { cause: error, detail: text });
  const kind = number & 0xff;
  if (kind === primary.tooBig)
    return new Fault('too_large', 'store.too_large', 'A value is too large to store', { cause: error, detail: text });
  // The one limit of a statement that a caller's words can reach without a bug in ours.
  if (text.includes('LIKE or GLOB pattern too complex')) {
    return new Fault('bad_request', 'store.bad_value', 'A search pattern is too long', { cause: error, detail: text });
  }
  if (isBusy(error)) return busyFault(error);
  if (unusable.has(kind))
    return new Fault('unavailable', 'store.unusable', 'The database cannot be used', { cause: error, detail: text });
  return error;
};

// SQLite names the columns ("UNIQUE constraint failed: t.a, t.b"); the index that spans exactly these is the one.
const uniqueIndexBehind = (message: string, connection: Connection): string | undefined => {
  const columns = [...message.matchAll(/([^\s.,]+)\.([^\s,]+)/g)];
  const table = columns[0]?.[1];
  if (!table) return undefined;
  const wanted = columns.map((match) => match[2]).join();
  const indexes = connection.all(
    `SELECT l.name, (SELECT group_concat(i.name, ',') FROM pragma_index_info(l.name) i) FROM pragma_index_list(?1) l WHERE l."unique"`,
    [table],
  );
  const name = indexes.find((row) => row[1] === wanted)?.[0];
  return name === undefined || String(name).startsWith('sqlite_autoindex_') ? `${table}_pkey` : String(name);
};
