// A request as the doorkeeper sees it: no body, no query.
// It must not hide that a header came twice: which of two credentials counts is not ours to choose.
import type { IncomingMessage } from 'node:http';
import type { Knock } from '../identity/identity.ts';

/** Node keeps the first of several Authorization headers; the list tells identity/ that there were more. */
const authorizationOf = (message: IncomingMessage): string | string[] | undefined => {
  const found: string[] = [];
  const { rawHeaders } = message;
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const name = rawHeaders[at] ?? '';
    if (name.length === 13 && name.toLowerCase() === 'authorization') found.push(rawHeaders[at + 1] ?? '');
  }
  return found.length > 1 ? found : found[0];
};

const before = (text: string, mark: string): string => {
  const at = text.indexOf(mark);
  return at < 0 ? text : text.slice(0, at);
};

export const pathOf = ({ url = '/' }: Pick<IncomingMessage, 'url'>): string => before(before(url, '?'), '#');

/** As it was sent, without the question mark. */
export const queryTextOf = ({ url = '/' }: Pick<IncomingMessage, 'url'>): string => {
  const at = url.indexOf('?');
  return at < 0 ? '' : url.slice(at + 1);
};

export const knockOf = (message: IncomingMessage, remoteAddress: string): Omit<Knock, 'transactionId'> => {
  const authorization = authorizationOf(message);
  return {
    method: message.method ?? 'GET',
    path: pathOf(message),
    headers: Array.isArray(authorization) ? ({ ...message.headers, authorization } as Knock['headers']) : message.headers,
    remoteAddress,
    connection: message.socket,
  };
};
