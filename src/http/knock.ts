// A request as the doorkeeper sees it: no body, no query.
// It must not hide that a header came twice: which of two credentials counts is not ours to choose.
import type { IncomingMessage } from 'node:http';
import type { Knock } from '../identity/identity.ts';

/** Node keeps the first of several Authorization headers; the list tells identity/ that there were more. */
const authorizationOf = (message: IncomingMessage): string | string[] | undefined => {
  const found: string[] = [];
  for (let at = 0; at < message.rawHeaders.length; at += 2) {
    if (message.rawHeaders[at]?.toLowerCase() === 'authorization') found.push(message.rawHeaders[at + 1] ?? '');
  }
  return found.length > 1 ? found : found[0];
};

export const pathOf = (message: IncomingMessage): string => (message.url ?? '/').split(/[?#]/, 1)[0] ?? '/';

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
