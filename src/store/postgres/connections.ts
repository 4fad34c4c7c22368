// A pool of connections that prepare what they run, and remember the time limit they were last given.
// Knows nothing of transactions; what goes wrong comes out as the driver raised it.
import { createHash } from 'node:crypto';
import pg from 'pg';
import type { Clock } from '../../kit/clock.ts';
import { overloaded } from '../overloaded.ts';
import type { Value } from '../store.ts';
import { answerTypes } from './answers.ts';
import { type Answer, askAlone, Bundle, type Descriptions, sendBundle } from './bundle.ts';
import { planning } from './dialect.ts';
import { sendTogether } from './send_together.ts';

export interface Lease {
  /** Prepared on this connection; `timeLimitMs` 0 for none. Inside a transaction all that is asked in one turn travels together. */
  query(sql: string, parameters: readonly Value[], timeLimitMs: number): Promise<Answer>;
  /** One or more statements without parameters, not prepared. */
  exec(sql: string): Promise<void>;
  /** `isRelaxed`: see CommitOptions. */
  begin(isRelaxed: boolean): Promise<unknown>;
  /** What PostgreSQL made of it: `COMMIT`, or `ROLLBACK` where a statement had failed. */
  commit(): Promise<string>;
  rollBack(): Promise<void>;
  /** `isBroken`: the connection is closed instead of kept. */
  release(isBroken: boolean): void;
}

export interface Connections {
  /** `prefersIndexes`: see CommitOptions. */
  lease(prefersIndexes?: boolean): Promise<Lease>;
  close(): Promise<void>;
}

/** What every connection of Causeway says of itself and asks for. */
export const connectionSettings = (url: string): pg.ClientConfig => ({
  connectionString: url,
  application_name: 'causeway',
  connectionTimeoutMillis: 5000,
  keepAlive: true,
  types: answerTypes as pg.CustomTypesConfig,
});

/** A statement of another shape is prepared once and never let go by the server: a connection that holds this many is replaced. */
export const statementLimit = 1000;
export const lockTimeoutMs = 10_000;
const idleInTransactionMs = 60_000;

/** What was last said on a connection. */
interface Memory {
  readonly prepared: Set<string>;
  readonly descriptions: Descriptions;
  timeLimitMs: number;
  prefersIndexes: boolean;
}

/** `lease` throws `store.overloaded` when `waitingLimit` wait already, or none of the connections came free in time. */
export const makeConnections = (parts: {
  url: string;
  clock: Clock;
  nameOf: StatementNames;
  limit: number;
  waitingLimit: number;
  timeLimitMs: number;
}): Connections => {
  const pool = new pg.Pool({
    ...connectionSettings(parts.url),
    max: parts.limit,
    idleTimeoutMillis: 60_000,
    // BEGIN travels together with the first statement behind it.
    pipeline: true,
    statement_timeout: parts.timeLimitMs,
    lock_timeout: lockTimeoutMs,
    idle_in_transaction_session_timeout: idleInTransactionMs,
  });
  // A connection that breaks while idle leaves the pool; one that breaks in use fails its query. Neither may end the process.
  pool.on('error', () => {});
  const atHand = makeAtHand(parts.clock);
  pool.on('connect', (client) => {
    for (const event of ['error', 'end'] as const) client.on(event, () => atHand.forget(client));
  });
  const { nameOf } = parts;
  const memories = new WeakMap<pg.PoolClient, Memory>();

  let leased = 0;

  const connect = (): Promise<pg.PoolClient> =>
    pool.connect().catch((error: unknown) => {
      // The driver words this as it words a server that does not answer.
      const isFull = pool.totalCount >= parts.limit && leased > 0;
      throw isFull && error instanceof Error && error.message.startsWith('timeout exceeded') ? overloaded() : error;
    });

  return {
    async lease(prefersIndexes = false) {
      if (pool.waitingCount >= parts.waitingLimit) throw overloaded();
      const client = atHand.take((each) => memories.get(each)?.prefersIndexes === prefersIndexes) ?? (await connect());
      leased += 1;
      const { timeLimitMs: usualMs } = parts;
      const fresh: Memory = { prepared: new Set(), descriptions: new Map(), timeLimitMs: usualMs, prefersIndexes: false };
      const memory = memories.get(client) ?? fresh;
      memories.set(client, memory);
      if (memory.prefersIndexes !== prefersIndexes) {
        sendTogether(client, process.nextTick);
        // Not waited for: where it fails, so does all that follows on this connection.
        client.query(prefersIndexes ? planning.byIndex : planning.usual).catch(() => {});
        memory.prefersIndexes = prefersIndexes;
      }
      let isInTransaction = false;
      let bundle: Bundle | undefined;
      const flush = (): void => {
        const ready = bundle;
        bundle = undefined;
        if (ready) sendBundle(client, ready);
      };
      const ask = (sql: string, values: readonly Value[]): Promise<Answer> => {
        const name = nameOf(sql);
        memory.prepared.add(name);
        const asked = { name, text: sql, values };
        if (!isInTransaction) {
          sendTogether(client, process.nextTick);
          return askAlone(client, asked, memory.descriptions);
        }
        if (!bundle) {
          bundle = new Bundle(memory.descriptions);
          process.nextTick(flush);
        }
        return bundle.ask(asked);
      };
      return {
        async query(sql, parameters, timeLimitMs) {
          if (memory.timeLimitMs === timeLimitMs) return ask(sql, parameters);
          const limited = ask(`SET statement_timeout = ${Math.ceil(timeLimitMs)}`, []);
          memory.timeLimitMs = timeLimitMs;
          const [answer] = await Promise.all([ask(sql, parameters), limited]);
          return answer;
        },
        async exec(sql) {
          flush();
          await client.query(sql);
        },
        begin(isRelaxed) {
          isInTransaction = true;
          const begun = ask('BEGIN', []);
          return isRelaxed ? Promise.all([begun, ask('SET LOCAL synchronous_commit = off', [])]) : begun;
        },
        async commit() {
          const committed = ask('COMMIT', []);
          isInTransaction = false;
          return (await committed).command;
        },
        async rollBack() {
          flush();
          isInTransaction = false;
          // A limit that was set inside the transaction goes with it.
          memory.timeLimitMs = Number.NaN;
          await client.query('ROLLBACK');
        },
        release(isBroken) {
          leased -= 1;
          const isSpent = isBroken || memory.prepared.size > statementLimit;
          if (isSpent || pool.waitingCount > 0) client.release(isSpent);
          else atHand.put(client);
        },
      };
    },
    close() {
      atHand.close();
      return pool.end();
    },
  };
};

/** How long a connection lies ready before the pool has it back, which closes what is not used. */
const atHandMs = 1000;

/** Connections between two uses: the pool's way out and in costs a timer, a turn and some promises each time (20 µs). */
const makeAtHand = (clock: Clock) => {
  const clients: pg.PoolClient[] = [];
  let cancel: (() => void) | undefined;
  let isClosed = false;
  const giveBack = (): void => {
    cancel?.();
    cancel = undefined;
    for (const client of clients.splice(0)) client.release();
  };
  return {
    /** One that fits, if any does. */
    take(fits: (client: pg.PoolClient) => boolean) {
      const at = clients.findLastIndex(fits);
      return at < 0 ? clients.pop() : clients.splice(at, 1)[0];
    },
    put(client: pg.PoolClient) {
      if (isClosed) return client.release();
      clients.push(client);
      cancel ??= clock.after(atHandMs, giveBack);
    },
    /** Of one that broke. */
    forget(client: pg.PoolClient) {
      const at = clients.indexOf(client);
      if (at < 0) return;
      clients.splice(at, 1);
      client.release(true);
    },
    close() {
      isClosed = true;
      giveBack();
    },
  };
};

/** The name follows from the text, so that a forgotten name comes back the same. */
export type StatementNames = (sql: string) => string;

export const makeStatementNames = (): StatementNames => {
  const names = new Map<string, string>();
  return (sql) => {
    const known = names.get(sql);
    if (known) return known;
    const name = `c_${createHash('sha256').update(sql).digest('base64url').slice(0, 32)}`;
    if (names.size >= statementLimit) names.clear();
    names.set(sql, name);
    return name;
  };
};
