// Requests that the HTTP parser gave up on: they get a proper answer and their connection ends.
// It must not say more than that: nobody has been identified here.
import type { Socket } from 'node:net';
import { refusedBody } from './faults.ts';
import { standardHeaders } from './standard_headers.ts';

const lingerMs = 2_000;

const write = (status: string, body: string, extra: readonly string[] = []): [head: string, body: string] => {
  const headers = Object.entries(standardHeaders('000000000000', false)).map(([name, value]) => `${name}: ${value}`);
  const own = ['Content-Type: application/json;charset=UTF-8', `Content-Length: ${Buffer.byteLength(body)}`, 'Connection: close'];
  return [`HTTP/1.1 ${status}\r\n${[...headers, ...extra, ...own].join('\r\n')}\r\n\r\n`, body];
};

const plain = (message: string): string => JSON.stringify({ error: { message, detail: null }, status: 'failure' });

export const unreadable = plain('Exception while reading request');

const answerFor = (code: string | undefined): [head: string, body: string] => {
  // Headers too large to hold a credential that anyone would accept: refused like any other credential.
  if (code === 'HPE_HEADER_OVERFLOW') {
    return write('401 Unauthorized', refusedBody, [
      'WWW-Authenticate: BASIC realm="Service-now"',
      'WWW-Authenticate: BEARER realm="Service-now"',
    ]);
  }
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') return write('408 Request Timeout', plain('The request took too long to arrive'));
  return write('400 Bad Request', unreadable);
};

export type ClientError = Error & { code?: string; rawPacket?: unknown };

/** The socket is drained for a moment after the answer: closing at once would make the caller's system discard the answer unread. */
export const answerClientError = (error: ClientError, socket: Socket): void => {
  if (socket.destroyed || error.code === 'ECONNRESET') {
    socket.destroy();
    return;
  }
  if (!socket.writable || socket.writableEnded) return;
  const [head, body] = answerFor(error.code);
  // A client that asked with HEAD would take the body for the beginning of another answer.
  const { rawPacket } = error;
  const isHead = Buffer.isBuffer(rawPacket) && rawPacket.subarray(0, 5).toString('latin1') === 'HEAD ';
  socket.end(isHead ? head : head + body);
  socket.resume();
  socket.setTimeout(lingerMs, () => socket.destroy());
};
