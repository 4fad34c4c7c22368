// Opens a server's port, waiting a little for one that a predecessor has not let go of yet.
// It must not choose another port than the one asked for.
import type { AddressInfo, Server } from 'node:net';

const retryMs = 100;

export interface Patience {
  forMs: number;
  /** Resolves after that time, and keeps the process alive until then. */
  wait(delayMs: number): Promise<unknown>;
}

const listenOnce = (server: Server, port: number, host: string): Promise<number> => {
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  const opened = (): void => resolve((server.address() as AddressInfo).port);
  server.once('error', reject).once('listening', opened);
  server.listen({ port, host });
  return promise.finally(() => server.off('error', reject).off('listening', opened));
};

/** The port that was opened. Throws the system's error; `EADDRINUSE` only after the patience is used up. */
export const listen = async (server: Server, at: { port: number; host: string }, patience?: Patience): Promise<number> => {
  for (let waitedMs = 0; ; waitedMs += retryMs) {
    try {
      return await listenOnce(server, at.port, at.host);
    } catch (error) {
      const isTaken = (error as NodeJS.ErrnoException).code === 'EADDRINUSE';
      if (!patience || !isTaken || waitedMs >= patience.forMs) throw error;
      await patience.wait(retryMs);
    }
  }
};
