// The counters of topics in memory. Other processes' bumps arrive by NOTIFY on a connection of its own; what was missed while that
// connection was away, or silently dead, comes with the next reading of the table.
import pg from 'pg';
import type { Clock } from '../../kit/clock.ts';
import { connectionSettings } from './connections.ts';

export const raiseTopicSql = `WITH raised AS (
  INSERT INTO causeway_topic (name, counter) VALUES ($1, 1)
  ON CONFLICT (name) DO UPDATE SET counter = causeway_topic.counter + 1 RETURNING name, counter)
SELECT counter, pg_notify('causeway_topic', counter || ' ' || name) FROM raised`;

export interface PostgresTopics {
  counter(topic: string): number;
  bumped(topic: string, counter: number): void;
  close(): Promise<void>;
}

/** The longest a bump can stay unseen when the listening connection has died without a word. */
const readingEveryMs = 5000;
const reconnectMs = { first: 100, most: 5000 };

/** Rejects, as the driver does, when the first connection cannot be made, and as `tableIsThere` does. */
export const startPostgresTopics = async (parts: {
  url: string;
  clock: Clock;
  random: () => number;
  /** Waited for behind the first connection, which takes its time as well. */
  tableIsThere: Promise<unknown>;
}): Promise<PostgresTopics> => {
  const { url, clock, random, tableIsThere } = parts;
  const counters = new Map<string, number>();
  let listening: pg.Client | undefined;
  let isClosed = false;
  let failures = 0;
  let forgetNext = (): void => {};

  const raise = (topic: string, counter: number): void => {
    if (counter > (counters.get(topic) ?? 0)) counters.set(topic, counter);
  };

  const readAll = async (client: pg.Client): Promise<void> => {
    const { rows } = await client.query<[string, number]>({ text: 'SELECT name, counter FROM causeway_topic', rowMode: 'array' });
    for (const [name, counter] of rows) raise(name, counter);
    forgetNext = clock.after(readingEveryMs, () => void readAll(client).catch(() => lost(client)));
  };

  const listen = async (): Promise<void> => {
    const client = new pg.Client({ ...connectionSettings(url), query_timeout: 5000 });
    client.on('error', () => lost(client));
    client.on('end', () => lost(client));
    client.on('notification', ({ payload = '' }) => {
      const space = payload.indexOf(' ');
      raise(payload.slice(space + 1), Number(payload.slice(0, space)));
    });
    listening = client;
    try {
      await client.connect();
      await client.query('LISTEN causeway_topic');
      await tableIsThere;
      await readAll(client);
      failures = 0;
    } catch (error) {
      listening = undefined;
      client.end().catch(() => {});
      throw error;
    }
  };

  const lost = (client: pg.Client): void => {
    if (listening !== client || isClosed) return;
    listening = undefined;
    forgetNext();
    client.end().catch(() => {});
    reconnect();
  };

  const reconnect = (): void => {
    const delayMs = Math.min(reconnectMs.most, reconnectMs.first * 2 ** Math.min(failures, 6)) * (0.5 + random());
    failures += 1;
    forgetNext = clock.after(delayMs, () => {
      if (!isClosed) listen().catch(reconnect);
    });
  };

  await listen();
  return {
    counter: (topic) => counters.get(topic) ?? 0,
    bumped: raise,
    async close() {
      isClosed = true;
      forgetNext();
      await listening?.end();
    },
  };
};
