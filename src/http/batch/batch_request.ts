// The body of a batch → the requests in it, checked once. What is wrong with one item is that item's affair (data_api.md §4.3).
// It must not send anything.

import { Fault } from '../../kit/fault.ts';
import { isObject } from '../../kit/is_object.ts';

export interface Item {
  readonly id: string;
  /** Path and query. */
  readonly url: string;
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer | undefined;
  readonly withoutHeaders: boolean;
  /** Why it is not sent at all. */
  readonly problem: string | undefined;
}

export interface BatchRequest {
  readonly id: string;
  readonly items: readonly Item[];
}

const mostItems = 1000;
const itemLimitBytes = 5_242_880;

const methods = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE']);

/** An item says who asks, and from where, no more than it says how its bytes are framed. */
const ownHeaders = new Set([
  'authorization',
  'connection',
  'content-length',
  'cookie',
  'expect',
  'forwarded',
  'host',
  'proxy-authorization',
  'transfer-encoding',
  'upgrade',
  'x-causeway-pass',
  'x-sn-apikey',
  'x-usertoken',
]);

const unreadable = (explanation: string): Fault =>
  new Fault('bad_request', 'http.batch_unreadable', 'Exception while reading request', { explanation });

type Fields = Readonly<Record<string, unknown>>;

const fieldsOf = (value: unknown): Fields | undefined => (isObject(value) ? value : undefined);

/** PySNC numbers its batches and their items, and expects text back. */
const textOf = (value: unknown): string =>
  typeof value === 'string' || typeof value === 'number' ? String(value).slice(0, 200).toWellFormed() : '';

const headersOf = (listed: unknown): Record<string, string> => {
  const headers: Record<string, string> = Object.create(null);
  for (const each of Array.isArray(listed) ? (listed as unknown[]) : []) {
    const { name, value } = fieldsOf(each) ?? {};
    if (typeof name !== 'string' || !/^[\w!#$%&'*+.^`|~-]{1,100}$/.test(name)) continue;
    const lower = name.toLowerCase();
    if (ownHeaders.has(lower) || lower.startsWith('x-forwarded-')) continue;
    const text = textOf(value);
    if (/^[\t\x20-\x7e\x80-\xff]*$/.test(text)) headers[lower] = text;
  }
  return headers;
};

const bodyOf = (encoded: unknown): Buffer | undefined =>
  typeof encoded === 'string' && encoded !== '' ? Buffer.from(encoded, 'base64') : undefined;

/** Path and query, in the one way to write them; '' for what is no API of this instance. */
const addressOf = (said: unknown): string => {
  const text = typeof said === 'string' ? said.trim() : '';
  // An address with a host of its own would be somebody else's.
  const url = /^\/?api\//.test(text) ? URL.parse(text, 'http://inside/') : null;
  return url?.pathname.startsWith('/api/') ? `${url.pathname}${url.search}` : '';
};

const problemOf = (url: string, method: string, body: Buffer | undefined): string | undefined => {
  if (url === '') return 'The url must be a path of this instance that begins with /api/';
  if (!methods.has(method)) return 'The method is not supported';
  if (body !== undefined && body.length > itemLimitBytes) return `The body of a request holds at most ${itemLimitBytes} bytes`;
  return undefined;
};

const readItem = (value: unknown): Item => {
  const fields = fieldsOf(value);
  if (!fields) throw unreadable('Every entry of rest_requests must be an object.');
  const url = addressOf(fields.url);
  const method = (textOf(fields.method) || 'GET').toUpperCase();
  const body = bodyOf(fields.body);
  return {
    id: textOf(fields.id),
    url,
    method,
    headers: headersOf(fields.headers),
    body,
    withoutHeaders: String(fields.exclude_response_headers).toLowerCase() === 'true',
    problem: problemOf(url, method, body),
  };
};

/** Throws `http.batch_unreadable` when there is no list of requests to begin with. */
export const readBatch = (body: unknown): BatchRequest => {
  const fields = fieldsOf(body);
  const listed = fields?.rest_requests;
  if (!fields || !Array.isArray(listed)) throw unreadable('The payload must hold batch_request_id and a list rest_requests.');
  if (listed.length > mostItems) throw unreadable(`A batch holds at most ${mostItems} requests.`);
  return { id: textOf(fields.batch_request_id), items: (listed as unknown[]).map(readItem) };
};
