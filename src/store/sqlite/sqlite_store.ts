// The embedded engine: one file, one writer connection and one for short reads on this thread, processes for long reads.
import { resolve } from 'node:path';
import type { Clock } from '../../kit/clock.ts';
import { Fault } from '../../kit/fault.ts';
import { defaultTimeLimitMs } from '../query_cancelled.ts';
import { topicTable } from '../shapes.ts';
import type { Store } from '../store.ts';
import { checkParameters } from '../values.ts';
import { createFile, openConnection } from './connection.ts';
import { defineTables } from './define.ts';
import { sqliteDialect } from './dialect.ts';
import { makeGroupCommit } from './group_commit.ts';
import { makeReaders } from './readers.ts';
import { makeSqliteTopics } from './topics.ts';
import { makeSqliteTransaction } from './transaction.ts';

/** Short: the writer's waits are spent on the clock (group_commit.ts), and in WAL mode a read waits only while the file is opened. */
const busyMs = { open: 10_000, write: 5, read: 1000 };

/** Opens the file, and makes it and its folder where missing. Throws `store.unusable` when it cannot be read or is no database. */
export const openSqliteStore = async (parts: { path: string; clock: Clock; random: () => number }): Promise<Store> => {
  const { clock, random } = parts;
  const path = resolve(parts.path);
  const { writer, reader } = open(path);
  const topics = makeSqliteTopics({ writer, reader });
  const commits = makeGroupCommit({ connection: writer, clock, random });
  const readers = makeReaders({ path, clock });
  return {
    dialect: sqliteDialect,
    async read(sql, parameters = [], options = {}) {
      checkParameters(parameters);
      if (options.long) return readers.read(sql, parameters, options.timeLimitMs ?? defaultTimeLimitMs);
      return reader.all(sql, parameters);
    },
    write: (work, options) =>
      commits.run((state) => work(makeSqliteTransaction({ connection: writer, state, bumped: topics.bumped })), options),
    topic: (topic) => topics.counter(topic),
    describe: async () => ({ engine: 'SQLite', version: String(reader.all('SELECT sqlite_version()')[0]?.[0]), location: path }),
    async close() {
      await commits.drain();
      await readers.close();
      reader.close();
      writer.close();
    },
  };
};

const open = (path: string) => {
  try {
    createFile(path);
    const writer = openConnection(path, { readOnly: false, busyMs: busyMs.open });
    try {
      // Two processes may start at once: the one that comes second waits here, then finds the table.
      writer.exec('BEGIN IMMEDIATE');
      defineTables(writer, [topicTable]);
      writer.exec('COMMIT');
      writer.exec(`PRAGMA busy_timeout = ${busyMs.write}`);
      return { writer, reader: openConnection(path, { readOnly: true, busyMs: busyMs.read }) };
    } catch (error) {
      writer.close();
      throw error;
    }
  } catch (cause) {
    const detail = cause instanceof Error ? cause.message : String(cause);
    throw new Fault('unavailable', 'store.unusable', 'The database cannot be opened', { cause, detail: `${path}: ${detail}` });
  }
};
