// The large engine: a pool for short statements and writes, a second one for long reads, a connection that listens for topics.
import type { Clock } from '../../kit/clock.ts';
import { Fault } from '../../kit/fault.ts';
import { defaultTimeLimitMs } from '../query_cancelled.ts';
import { topicTable } from '../shapes.ts';
import type { Store, Value } from '../store.ts';
import { checkParameters } from '../values.ts';
import { type Connections, makeConnections, makeStatementNames } from './connections.ts';
import { postgresDialect } from './dialect.ts';
import { isConnectionLoss, isStalePlan, postgresFault } from './faults.ts';
import { makeSteadyReads } from './steady_reads.ts';
import { startPostgresTopics } from './topics.ts';
import { makeWrite } from './write.ts';

/** A PostgreSQL as it comes takes 100 connections; several processes share it. */
const connectionLimits = { short: 10, long: 4 };
const waitingLimits = { short: 5000, long: 64 };
const shortTimeLimitMs = 60_000;

/** Throws `store.unreachable` when no PostgreSQL answers at `url`, `store.unusable` when it refuses us. */
export const openPostgresStore = async (parts: { url: string; clock: Clock; random: () => number }): Promise<Store> => {
  const { url, clock, random } = parts;
  const location = withoutSecrets(url);
  const nameOf = makeStatementNames();
  const short = makeConnections({
    url,
    clock,
    nameOf,
    limit: connectionLimits.short,
    waitingLimit: waitingLimits.short,
    timeLimitMs: shortTimeLimitMs,
  });
  const long = makeConnections({
    url,
    clock,
    nameOf,
    limit: connectionLimits.long,
    waitingLimit: waitingLimits.long,
    timeLimitMs: defaultTimeLimitMs,
  });
  const steady = makeSteadyReads({ url, nameOf, waitingLimit: waitingLimits.short, timeLimitMs: shortTimeLimitMs });
  const closeAll = () => Promise.all([short.close(), long.close(), steady.close()]);
  try {
    const writeParts = { connections: short, clock, random, timeLimitMs: shortTimeLimitMs };
    const makeTopicTable = () =>
      makeWrite({ ...writeParts, bumped: () => {} })((transaction) => transaction.define([topicTable]));
    const tableIsThere = demandSuitable(short).then(makeTopicTable);
    // Who waits for it hears of it; it may fail while the other connection is being made.
    tableIsThere.catch(() => {});
    const topics = await startPostgresTopics({ url, clock, random, tableIsThere });
    const write = makeWrite({ ...writeParts, bumped: topics.bumped });
    return {
      dialect: postgresDialect,
      async read(sql, parameters = [], options = {}) {
        checkParameters(parameters);
        if (options.long) return readFrom(long, sql, parameters, options.timeLimitMs ?? defaultTimeLimitMs);
        const timeLimitMs = options.timeLimitMs ?? shortTimeLimitMs;
        if (options.steady && timeLimitMs === shortTimeLimitMs)
          return orAgain(() => steady.read(sql, parameters, options.gathered));
        return readFrom(short, sql, parameters, timeLimitMs);
      },
      write,
      topic: (topic) => topics.counter(topic),
      async describe() {
        const rows = await readFrom(short, `SELECT current_setting('server_version')`, [], shortTimeLimitMs);
        return { engine: 'PostgreSQL', version: String(rows[0]?.[0]), location };
      },
      async close() {
        await topics.close();
        await closeAll();
      },
    };
  } catch (error) {
    await closeAll();
    throw postgresFault(error);
  }
};

/** The server may have been restarted while the connection lay idle. A read harms nobody when it runs twice. */
const orAgain = async (read: () => Promise<Value[][]>): Promise<Value[][]> => {
  for (let attempt = 0; ; attempt += 1) {
    try {
      return await read();
    } catch (error) {
      if (attempt > 0 || !(isConnectionLoss(error) || isStalePlan(error))) throw postgresFault(error);
    }
  }
};

const readFrom = (connections: Connections, sql: string, parameters: readonly Value[], timeLimitMs: number): Promise<Value[][]> =>
  orAgain(async () => {
    const lease = await connections.lease();
    let isBroken = true;
    try {
      const { rows } = await lease.query(sql, parameters, timeLimitMs);
      isBroken = false;
      return rows;
    } catch (error) {
      isBroken = isConnectionLoss(error) || isStalePlan(error);
      throw error;
    } finally {
      lease.release(isBroken);
    }
  });

// Text of another encoding would not come back as it was put in; an asynchronous commit is answered before it has reached the disk.
const demandSuitable = async (connections: Connections): Promise<void> => {
  const [settings = []] = await readFrom(
    connections,
    `SELECT current_setting('server_encoding'), current_setting('synchronous_commit')`,
    [],
    shortTimeLimitMs,
  );
  const [encoding, commit] = settings;
  const reason =
    encoding !== 'UTF8'
      ? `its encoding is ${encoding}, not UTF8`
      : commit === 'off'
        ? 'its synchronous_commit is off'
        : undefined;
  if (reason) throw new Fault('unavailable', 'store.unusable', 'The database cannot be used', { detail: reason });
};

const withoutSecrets = (url: string): string => {
  if (!URL.canParse(url)) throw new Fault('unavailable', 'store.unusable', 'The address of the database is not a URL');
  const { protocol, host, pathname } = new URL(url);
  return `${protocol}//${host}${pathname}`;
};
