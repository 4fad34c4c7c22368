// Builds what an operation sees of a request: decoded, checked once, body read only when asked for.
// It must not decide anything about rights or tables.
import type { IncomingMessage } from 'node:http';
import type { Identified } from '../identity/identity.ts';
import { Fault } from '../kit/fault.ts';
import type { Asked } from './api.ts';
import { readBody, readText } from './bodies/read_body.ts';
import { readJson } from './bodies/read_json.ts';
import { valuesOf, valuesOfJson } from './bodies/read_values.ts';
import { readXml } from './bodies/read_xml.ts';
import { isXml, type MediaType, readContentType } from './negotiate.ts';
import { decodedText, type Parameters } from './parameters.ts';

const refuseEncodedBody = (message: IncomingMessage): void => {
  const encoding = message.headers['content-encoding']?.trim().toLowerCase() ?? '';
  if (encoding !== '' && encoding !== 'identity') {
    throw new Fault(
      'unsupported_media_type',
      'http.unsupported_encoding',
      'Invalid content-encoding. Request bodies are sent uncompressed',
    );
  }
};

/** Throws `http.malformed_address` for a segment that stands for no text. */
export const makeAsked = (parts: {
  message: IncomingMessage;
  path: string;
  segments: Readonly<Record<string, string>>;
  parameters: Parameters;
  version: string;
  accept: MediaType;
  base: string;
  bodyLimitBytes: number;
  identified: Identified;
  transactionId: string;
}): Asked => {
  const { message, identified } = parts;
  const segments = new Map<string, string>();
  for (const name in parts.segments) segments.set(name, decodedText(parts.segments[name] ?? ''));

  const text = async (charset: string): Promise<string> => readText(await readBody(message, parts.bodyLimitBytes), charset);

  return {
    caller: identified.caller,
    identified,
    method: message.method ?? 'GET',
    path: parts.path,
    segments,
    version: parts.version,
    parameters: parts.parameters,
    headers: message.headers,
    accept: parts.accept,
    base: parts.base,
    transactionId: parts.transactionId,
    remoteAddress: message.socket.remoteAddress ?? '',
    stream() {
      refuseEncodedBody(message);
      return message;
    },
    async values() {
      refuseEncodedBody(message);
      const { type, charset } = readContentType(message.headers['content-type']);
      const body = await text(charset);
      return isXml(type) ? valuesOf(readXml(body) ?? []) : valuesOfJson(readJson(body));
    },
    async text(types) {
      refuseEncodedBody(message);
      const type = (message.headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase() ?? '';
      if (!types.includes(type)) {
        throw new Fault(
          'unsupported_media_type',
          'http.other_media_type',
          `Invalid content-type. Supported request media types for this service are: [${types.join(', ')}]`,
        );
      }
      return text('utf-8');
    },
    async json() {
      refuseEncodedBody(message);
      const { type, charset } = readContentType(message.headers['content-type']);
      if (type !== 'application/json') {
        throw new Fault(
          'unsupported_media_type',
          'http.json_only',
          'Invalid content-type. Supported request media types for this service are: [application/json]',
        );
      }
      return readJson(await text(charset));
    },
  };
};
