// Several questions to PostgreSQL as one piece: each piece is a system call, and wakes the server at the other end.
// It must not hold back what is asked for longer than the turn of the event loop in which it was asked.
import type { Duplex } from 'node:stream';
import type pg from 'pg';

/** What is asked on this connection from now until `later` comes goes out together. */
export const sendTogether = (client: pg.ClientBase, later: (work: () => void) => unknown): void => {
  const { stream } = (client as unknown as { connection: { stream: Duplex } }).connection;
  if (stream.writableCorked > 0) return;
  stream.cork();
  later(() => stream.uncork());
};
