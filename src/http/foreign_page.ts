// Pages of other origins that make a browser post here: it sends along the password that it remembers, without asking first where the body has a
// type that forms have, or none. Programs name no origin, and are not meant.
import type { IncomingMessage } from 'node:http';
import { Fault } from '../kit/fault.ts';

const harmless: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS']);

/** By what browsers say of themselves; where they do not, because the connection is not secure, by the origin, which they say with every POST. */
const isForeign = ({ headers }: Pick<IncomingMessage, 'headers'>): boolean => {
  const site = headers['sec-fetch-site'];
  if (site !== undefined) return site !== 'same-origin' && site !== 'none';
  return headers.origin !== undefined && URL.parse(headers.origin)?.host !== headers.host?.toLowerCase();
};

/** Throws `http.foreign_page`. */
export const refuseForeignPage = (message: Pick<IncomingMessage, 'headers' | 'method'>): void => {
  if (harmless.has(message.method ?? '') || !isForeign(message)) return;
  throw new Fault('forbidden', 'http.foreign_page', 'User Not Authorized', {
    explanation: 'Pages of other origins change something only where a CORS rule lets them',
  });
};
