// The bare web server, and what it takes for a request: one Host, one framing, a target of our own. Whatever two readers on the way could
// understand differently ends here with 400. It must not know addresses or callers.
import type { IncomingMessage, RequestListener, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { answerClientError, type ClientError, unreadable } from './client_error.ts';
import { standardHeaders } from './standard_headers.ts';

// Imported, it brings its WebSocket and the whole of a client with it, which takes 20 ms of every start.
const { createServer } = process.getBuiltinModule('node:http');

/** What proxies and load balancers hold theirs for is shorter: they must be the ones who close. */
const keepAliveTimeout = 72_000;
const headersTimeout = 60_000;

const hostPattern = /^(?:\[[\da-f:.v]+\]|[\w.~%!$&'()*+,;=-]*)(?::\d*)?$/i;
const absolutePattern = /^https?:\/\/([^/?#]+)(.*)$/i;

/** The one Host, '' for HTTP/1.0 without one (RFC 9112 §3.2); undefined where there is none or another. */
const hostOf = ({ rawHeaders, httpVersion }: IncomingMessage): string | undefined => {
  let host: string | undefined;
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const name = rawHeaders[at] ?? '';
    if (name.length !== 4 || name.toLowerCase() !== 'host') continue;
    if (host !== undefined) return undefined;
    host = rawHeaders[at + 1] ?? '';
  }
  return host ?? (httpVersion === '1.0' ? '' : undefined);
};

/** RFC 9112 §6.1: codings that nobody here undoes, and chunks in a version that has none. */
const hasOneFraming = ({ headers, httpVersion }: IncomingMessage): boolean => {
  const coding = headers['transfer-encoding'];
  return coding === undefined || (httpVersion === '1.1' && coding.toLowerCase() === 'chunked');
};

/** A target in absolute form (RFC 9112 §3.2.2) becomes a path, and its host the Host. */
const settleTarget = (message: IncomingMessage): boolean => {
  const { url = '' } = message;
  if (url.startsWith('/') || (url === '*' && message.method === 'OPTIONS')) return true;
  const [, host = '', rest = ''] = absolutePattern.exec(url) ?? [];
  if (host === '' || !hostPattern.test(host)) return false;
  message.headers.host = host;
  message.url = rest.startsWith('/') ? rest : `/${rest}`;
  return true;
};

/** Of a connection the response that was begun last. */
const lastResponse = Symbol('last response');
type Connection = Socket & { [lastResponse]?: ServerResponse };

const refuse = (response: ServerResponse): void => {
  const headers = { ...standardHeaders('000000000000', false), 'Content-Type': 'application/json;charset=UTF-8' };
  response.writeHead(400, { ...headers, 'Content-Length': Buffer.byteLength(unreadable), Connection: 'close' }).end(unreadable);
};

export const makeServer = (handle: RequestListener, headerLimitBytes: number): Server => {
  /** Most calls name the Host of the call before. */
  let goodHost = '';
  const hasGoodHost = (message: IncomingMessage): boolean => {
    const host = hostOf(message);
    if (host === goodHost) return true;
    if (host === undefined || !hostPattern.test(host)) return false;
    goodHost = host;
    return true;
  };
  const limits = { maxHeaderSize: headerLimitBytes, keepAliveTimeout, headersTimeout };
  // The server's own limit for a request knows no file that takes longer: body_pace.ts does. Its own answer to a missing Host has no words.
  const server = createServer({ ...limits, requestTimeout: 0, requireHostHeader: false }, (message, response) => {
    (message.socket as Connection)[lastResponse] = response;
    if (hasGoodHost(message) && hasOneFraming(message) && settleTarget(message)) return handle(message, response);
    // Not in this turn: where the parser gives up on the rest, its answer is the one.
    setImmediate(refuse, response);
  });
  server.on('clientError', (error: ClientError, stream) => {
    const socket = stream as Connection;
    const response = socket[lastResponse];
    const isBehind = response?.req.complete && !response.writableFinished && !socket.destroyed && error.code !== 'ECONNRESET';
    if (!isBehind) return answerClientError(error, socket);
    // What came whole before the nonsense is done and must be told: its caller would take this answer for that one.
    socket.pause();
    response.once('close', () => answerClientError(error, socket));
  });
  // Nobody tunnels through here.
  server.on('connect', (_message, socket) => answerClientError(new Error('CONNECT'), socket as Socket));
  return server;
};
