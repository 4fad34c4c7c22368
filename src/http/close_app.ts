// The ordered end of a web server: no new connections, requests under way are finished, idle connections are let go.
// It must not wait for ever: a caller that never finishes is cut off after the limit.
import type { FastifyInstance } from 'fastify';
import type { Clock } from '../kit/clock.ts';

const sweepMs = 50;

/** Resolves when the last connection is gone. */
export const closeApp = async (app: FastifyInstance, clock: Clock, limitMs: number): Promise<void> => {
  let cancelSweep = () => {};
  const sweep = () => {
    // A kept-alive connection goes idle only after its last answer; the server closes none on its own once it has stopped listening.
    app.server.closeIdleConnections();
    cancelSweep = clock.after(sweepMs, sweep);
  };
  const cancelLimit = clock.after(limitMs, () => app.server.closeAllConnections());
  const { promise: isClosed, resolve } = Promise.withResolvers<void>();
  app.server.close(() => resolve());
  sweep();
  await isClosed;
  await app.close();
  cancelSweep();
  cancelLimit();
};
