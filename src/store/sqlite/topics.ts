// The counters of topics in memory, exact also when other processes raise them in the same file.
import type { Connection } from './connection.ts';

export interface SqliteTopics {
  counter(topic: string): number;
  /** This process raised it; the commit is on the disk. */
  bumped(topic: string, counter: number): void;
}

/** `writer` tells whether another connection has committed (PRAGMA data_version, 2 µs); `reader` sees committed rows only. */
export const makeSqliteTopics = (parts: { writer: Connection; reader: Connection }): SqliteTopics => {
  const { writer, reader } = parts;
  const counters = new Map<string, number>();
  let seenVersion: unknown;

  const raise = (topic: string, counter: number): void => {
    if (counter > (counters.get(topic) ?? 0)) counters.set(topic, counter);
  };

  return {
    counter(topic) {
      const version = writer.all('PRAGMA data_version')[0]?.[0];
      if (version !== seenVersion) {
        for (const [name, counter] of reader.all('SELECT name, counter FROM causeway_topic'))
          raise(String(name), Number(counter));
        seenVersion = version;
      }
      return counters.get(topic) ?? 0;
    },
    bumped: raise,
  };
};
