// Opens a server's port, waiting a little for one that a predecessor has not let go of yet.
// It must not choose another port than the one asked for.
import type { AddressInfo, Server } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';

const retryMs = 100;

const listenOnce = (server: Server, port: number, host: string): Promise<number> => {
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  server.once('error', reject);
  server.listen({ port, host }, () => {
    server.off('error', reject);
    resolve((server.address() as AddressInfo).port);
  });
  return promise;
};

/** The port that was opened. Throws the system's error, `EADDRINUSE` only after `patienceMs` of trying. */
export const listen = async (server: Server, at: { port: number; host: string; patienceMs: number }): Promise<number> => {
  for (let waitedMs = 0; ; waitedMs += retryMs) {
    try {
      return await listenOnce(server, at.port, at.host);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE' || waitedMs >= at.patienceMs) throw error;
      await wait(retryMs);
    }
  }
};
