// How slowly a body may arrive. A file may take hours as long as its bytes flow; who sends a byte now and then holds nothing for long.
// It must not look at what is sent, nor at requests that have no body: the server's own limit for headers binds those.
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Clock } from '../kit/clock.ts';
import { answerClientError } from './client_error.ts';

export interface BodyPace {
  /** Milliseconds in which any body may come as slowly as it likes. */
  readonly patienceMs: number;
  /** Milliseconds between two bytes. */
  readonly silenceMs: number;
  /** From the beginning on, once patience is over. A body of 1 GiB takes 18 hours at most, less than a started upload is kept. */
  readonly leastBytesPerSecond: number;
}

const usualPace: BodyPace = { patienceMs: 120_000, silenceMs: 60_000, leastBytesPerSecond: 16_384 };

const lookEveryMs = 5_000;

interface Arriving {
  readonly response: ServerResponse;
  readonly startedAtMs: number;
  /** What the connection had brought when the request began. */
  readonly bytesBefore: number;
  bytesSeen: number;
  seenAtMs: number;
}

const hasBody = ({ headers }: IncomingMessage): boolean =>
  headers['transfer-encoding'] !== undefined || (headers['content-length'] ?? '0') !== '0';

/** Watches the bodies of a server until the answer is called. */
export const watchBodies = (server: Server, clock: Clock, pace: BodyPace = usualPace): (() => void) => {
  const arriving = new Map<IncomingMessage, Arriving>();

  server.on('request', (message: IncomingMessage, response: ServerResponse) => {
    if (!hasBody(message)) return;
    const [now, bytes] = [clock.now(), message.socket.bytesRead];
    arriving.set(message, { response, startedAtMs: now, bytesBefore: bytes, bytesSeen: bytes, seenAtMs: now });
    message.once('close', () => arriving.delete(message));
  });

  const isTooSlow = (message: IncomingMessage, about: Arriving, now: number): boolean => {
    const bytes = message.socket.bytesRead;
    if (bytes > about.bytesSeen) {
      about.bytesSeen = bytes;
      about.seenAtMs = now;
    }
    if (now - about.seenAtMs >= pace.silenceMs) return true;
    const elapsedMs = now - about.startedAtMs;
    if (elapsedMs < pace.patienceMs) return false;
    // What comes behind an answer is read by nobody.
    if (about.response.writableEnded) return true;
    return (bytes - about.bytesBefore) * 1000 < pace.leastBytesPerSecond * elapsedMs;
  };

  const look = () => {
    const now = clock.now();
    for (const [message, about] of arriving) {
      if (message.complete || message.socket.destroyed) {
        arriving.delete(message);
      } else if (isTooSlow(message, about, now)) {
        arriving.delete(message);
        if (about.response.headersSent) message.socket.destroy();
        else answerClientError(Object.assign(new Error('too slow'), { code: 'ERR_HTTP_REQUEST_TIMEOUT' }), message.socket);
      }
    }
    cancel = clock.after(lookEveryMs, look);
  };
  let cancel = clock.after(lookEveryMs, look);
  return () => cancel();
};
