// The counters of topics in memory, exact to the turn of the event loop also when other processes raise them in the same file.
import type { Connection } from './connection.ts';

export interface SqliteTopics {
  counter(topic: string): number;
  /** This process raised it; the commit is on the disk. */
  bumped(topic: string, counter: number): void;
}

/**
 * `writer` tells whether another connection has committed (PRAGMA data_version, 2 µs); `reader` sees committed rows only. A request asks for
 * some twenty counters: it is looked once in a turn, and what others commit meanwhile is seen in the next.
 */
export const makeSqliteTopics = (parts: { writer: Connection; reader: Connection }): SqliteTopics => {
  const { writer, reader } = parts;
  const counters = new Map<string, number>();
  let seenVersion: unknown;
  let isLookedUp = false;

  const raise = (topic: string, counter: number): void => {
    if (counter > (counters.get(topic) ?? 0)) counters.set(topic, counter);
  };

  const endTurn = (): void => {
    isLookedUp = false;
  };

  const look = (): void => {
    isLookedUp = true;
    setImmediate(endTurn);
    const version = writer.all('PRAGMA data_version')[0]?.[0];
    if (version === seenVersion) return;
    for (const [name, counter] of reader.all('SELECT name, counter FROM causeway_topic')) raise(String(name), Number(counter));
    seenVersion = version;
  };

  return {
    counter(topic) {
      if (!isLookedUp) look();
      return counters.get(topic) ?? 0;
    },
    bumped: raise,
  };
};
