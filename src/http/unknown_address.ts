// What an address that no operation has gets told: known namespace 400, unknown namespace 404, one body for both (data_api.md §1.5).
// It must not be asked before the caller is known.
import type { IncomingMessage } from 'node:http';
import { Fault } from '../kit/fault.ts';
import type { Api } from './api.ts';
import { pathOf } from './knock.ts';
import { decodeText } from './parameters.ts';

const literal = 'Requested URI does not represent any resource';

const ordinaryMethods = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']);

export const methodNotAllowed = (offered: readonly string[]): Fault =>
  new Fault('method_not_allowed', 'http.method_not_allowed', 'Method not supported', {
    headers: offered.length === 0 ? {} : { Allow: offered.join(', ') },
  });

export const unknownResource = (isKnownNamespace: boolean): Fault =>
  isKnownNamespace
    ? new Fault('bad_request', 'http.unknown_address', literal)
    : new Fault('not_found', 'http.unknown_namespace', literal);

/** `http.malformed_address`, `http.method_not_allowed`, `http.unknown_address` or `http.unknown_namespace`. */
export const unknownAddress = (message: IncomingMessage, apis: readonly Api[]): Fault => {
  const path = pathOf(message);
  try {
    decodeText(path);
  } catch (error) {
    return error as Fault;
  }
  if (!ordinaryMethods.has(message.method ?? '')) return methodNotAllowed([]);
  const isKnown = apis.some(({ base }) => base !== '' && (path === base || path.startsWith(`${base}/`)));
  return unknownResource(isKnown);
};
