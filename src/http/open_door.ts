// The seam of the doors that stand open to strangers: sign-in, tokens, metadata. Whoever opens one finds out for himself who is there.
// It must not know the web framework; app.ts alone does.
import type { IncomingMessage } from 'node:http';
import { isFault } from '../kit/fault.ts';
import type { Answer } from './api.ts';
import { readBody } from './bodies/read_body.ts';
import { pathOf } from './knock.ts';

export interface OpenRequest {
  readonly method: string;
  readonly path: string;
  /** As it was sent, without the question mark. */
  readonly query: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  /** Bytes as UTF-8; what is none becomes the replacement character. '' for GET. */
  readonly body: string;
  readonly remoteAddress: string;
  /** Public address, without a slash at the end. */
  readonly base: string;
  readonly transactionId: string;
}

export interface OpenDoor {
  /** As transaction lines name it. */
  readonly name: string;
  readonly path: string;
  /** What every method that it answers does. Others get 405. */
  readonly methods: Readonly<Partial<Record<'GET' | 'POST', (request: OpenRequest) => Promise<Answer>>>>;
  /** Of the body, in bytes. */
  readonly bodyLimitBytes: number;
  /** Its own answer to another method or to a body beyond the limit, where it has one. */
  turnAway?(why: 'method' | 'size', about: { method: string; remoteAddress: string; transactionId: string }): Promise<Answer>;
}

const methodNotAllowed: Answer = {
  status: 405,
  body: '{"error":"invalid_request","error_description":"Method not allowed"}',
};

/** Throws Fault `http.body_too_large` where the door has no answer of its own, and whatever the door throws. */
export const openDoor = async (
  door: OpenDoor,
  about: { message: IncomingMessage; remoteAddress: string; base: string; transactionId: string },
): Promise<Answer> => {
  const { message, ...rest } = about;
  const method = message.method === 'HEAD' ? 'GET' : (message.method ?? 'GET');
  const turnedAway = { ...rest, method: message.method ?? 'GET' };
  const handle = method === 'GET' || method === 'POST' ? door.methods[method] : undefined;
  if (handle === undefined) {
    const answer = (await door.turnAway?.('method', turnedAway)) ?? methodNotAllowed;
    return { ...answer, headers: { ...answer.headers, Allow: Object.keys(door.methods).join(', ') } };
  }
  const url = message.url ?? '/';
  const queryAt = url.indexOf('?');
  let body = '';
  try {
    if (method === 'POST') body = (await readBody(message, door.bodyLimitBytes)).toString('utf8');
  } catch (error) {
    const answer = isFault(error, 'http.body_too_large') ? await door.turnAway?.('size', turnedAway) : undefined;
    if (answer === undefined) throw error;
    return answer;
  }
  return handle({
    ...rest,
    method,
    path: pathOf(message),
    query: queryAt < 0 ? '' : url.slice(queryAt + 1),
    headers: message.headers,
    body,
  });
};
