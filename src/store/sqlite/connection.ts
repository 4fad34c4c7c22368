// One open connection to the file, with its prepared statements kept. Knows nothing of queues and transactions.
import { closeSync, mkdirSync, openSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync, type StatementSync } from 'node:sqlite';
import { makeBoundedMap } from '../../kit/bounded_map.ts';
import type { Value } from '../store.ts';
import { integerValue } from '../values.ts';
import { sqliteFault } from './faults.ts';

export interface Connection {
  /** Rows as arrays. Integers come back as numbers when safe, else as text. */
  all(sql: string, parameters?: readonly Value[]): Value[][];
  /** The number of rows touched. */
  run(sql: string, parameters?: readonly Value[]): number;
  /** Statements without parameters or answer, prepared once as well. */
  exec(sql: string): void;
  readonly isInTransaction: boolean;
  close(): void;
}

const statementLimit = 500;

/** Taken as pages are read. Reading one record of 100 thousand costs 14 µs where the pages are there, 30 µs with a quarter of this. */
const cacheKib = 65_536;

/** Folder and file are made for this account alone: the rows hold secrets. */
export const createFile = (path: string): void => {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  closeSync(openSync(path, 'a', 0o600));
};

/** `busyMs` is how long a statement may block this thread while another connection holds the lock it needs. */
export const openConnection = (path: string, options: { readOnly: boolean; busyMs: number }): Connection => {
  const database = new DatabaseSync(path, {
    timeout: options.busyMs,
    readOnly: options.readOnly,
    enableForeignKeyConstraints: false,
    enableDoubleQuotedStringLiterals: false,
  });
  try {
    if (!options.readOnly) database.exec('PRAGMA journal_mode = WAL; PRAGMA journal_size_limit = 67108864');
    database.exec(`PRAGMA synchronous = FULL; PRAGMA temp_store = MEMORY; PRAGMA cache_size = -${cacheKib}`);
  } catch (error) {
    database.close();
    throw error;
  }

  const statements = makeBoundedMap<string, Prepared>(statementLimit);
  const prepare = (sql: string): Prepared => {
    const known = statements.get(sql);
    if (known) return known;
    // A statement that changes rows and answers some cannot be run again when an integer turns out too large for a number.
    const prepared = { statement: database.prepare(sql), readsBigInts: /\breturning\b/i.test(sql) };
    prepared.statement.setReturnArrays(true);
    prepared.statement.setReadBigInts(prepared.readsBigInts);
    statements.set(sql, prepared);
    return prepared;
  };

  const connection: Connection = {
    all(sql, parameters = []) {
      try {
        const prepared = prepare(sql);
        const bound = bindable(parameters);
        try {
          return answerOf(prepared, bound);
        } catch (error) {
          if ((error as { code?: string }).code !== 'ERR_OUT_OF_RANGE') throw error;
          prepared.readsBigInts = true;
          prepared.statement.setReadBigInts(true);
          return answerOf(prepared, bound);
        }
      } catch (error) {
        throw sqliteFault(error, connection);
      }
    },
    run(sql, parameters = []) {
      try {
        return Number(prepare(sql).statement.run(...bindable(parameters)).changes);
      } catch (error) {
        throw sqliteFault(error, connection);
      }
    },
    exec(sql) {
      prepare(sql).statement.run();
    },
    get isInTransaction() {
      return database.isTransaction;
    },
    close: () => database.close(),
  };
  return connection;
};

type Answer = Value | bigint;

interface Prepared {
  readonly statement: StatementSync;
  /** Since an integer came that no number holds. */
  readsBigInts: boolean;
}

const answerOf = ({ statement, readsBigInts }: Prepared, bound: readonly Answer[]): Value[][] => {
  const rows = statement.all(...bound) as unknown as Answer[][];
  return readsBigInts ? numbered(rows) : (rows as Value[][]);
};

// A JavaScript number would be bound as a real: 5 would become '5.0' wherever it meets text.
const bindable = (parameters: readonly Value[]): (Value | bigint)[] =>
  parameters.map((parameter) =>
    typeof parameter === 'number' && Number.isSafeInteger(parameter) ? BigInt(parameter) : parameter,
  );

const numbered = (rows: Answer[][]): Value[][] => {
  for (const row of rows) {
    for (let at = 0; at < row.length; at += 1) {
      const cell = row[at];
      if (typeof cell === 'bigint') row[at] = integerValue(cell);
    }
  }
  return rows as Value[][];
};
