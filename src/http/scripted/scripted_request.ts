// What a script sees of a call: address, parameters, headers and body as plain data.
// It must not show a script the caller's credential: with it the script's author could act as the caller elsewhere.
import type { IncomingMessage } from 'node:http';
import type { Endpoint } from '../../scripting/endpoints/endpoint.ts';
import type { ScriptedRequest } from '../../scripting/scripted_rest.ts';
import { pathOf } from '../knock.ts';
import { readParameters } from '../parameters.ts';
import type { Content } from './read_content.ts';

const credentials: ReadonlySet<string> = new Set([
  'authorization',
  'cookie',
  'proxy-authorization',
  'x-sn-apikey',
  'x-usertoken',
]);

const headersOf = (message: IncomingMessage, keyHeaders: readonly string[]): Record<string, string> => {
  const headers: Record<string, string> = Object.create(null);
  for (const [name, value] of Object.entries(message.headers)) {
    if (value === undefined || credentials.has(name) || keyHeaders.includes(name)) continue;
    headers[name] = Array.isArray(value) ? value.join(', ') : value;
  }
  return headers;
};

const gather = (pairs: ReadonlyArray<readonly [name: string, value: string]>): Record<string, readonly string[]> => {
  const lists: Record<string, string[]> = Object.create(null);
  for (const [name, value] of pairs) {
    const list = lists[name] ?? [];
    list.push(value);
    lists[name] = list;
  }
  return lists;
};

/** Throws `http.malformed_address` when the query string cannot be decoded. */
export const makeScriptedRequest = ({
  message,
  endpoint,
  pathParams,
  content,
  base,
  keyHeaders,
}: {
  message: IncomingMessage;
  endpoint: Endpoint;
  pathParams: Readonly<Record<string, string>>;
  content: Content;
  base: string;
  /** Headers, in lower case, that carry API keys here. */
  keyHeaders: readonly string[];
}): ScriptedRequest => {
  const address = message.url ?? '/';
  const queryAt = address.indexOf('?');
  const queryString = queryAt < 0 ? '' : address.slice(queryAt + 1);
  const uri = pathOf(message);
  return {
    body: { data: content.data, text: content.text },
    headers: headersOf(message, keyHeaders),
    pathParams,
    queryParams: gather([...readParameters(queryString).pairs, ...content.formValues]),
    queryString,
    uri,
    url: `${base}${uri}`,
    supportedContentTypes: endpoint.produces,
  };
};
