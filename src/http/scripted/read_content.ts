// The body of a call to a scripted REST API, as its script sees it: text, parsed data, and form values for the query parameters.
// It must not accept a type that the operation does not name.
import type { IncomingMessage } from 'node:http';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { Fault } from '../../kit/fault.ts';
import type { Json } from '../../scripting/script.ts';
import { readBody, readText } from '../bodies/read_body.ts';
import { readJson } from '../bodies/read_json.ts';
import { readParameters } from '../parameters.ts';
import { readXmlData } from './xml_data.ts';

export interface Content {
  readonly data: Json;
  readonly text: string;
  /** Of a form, in the order sent. */
  readonly formValues: ReadonlyArray<readonly [name: string, value: string]>;
}

const nothing: Content = Object.freeze({ data: null, text: '', formValues: [] });

const compressedLimitBytes = 1_048_576;
const form = 'application/x-www-form-urlencoded';
const unzip = promisify(gunzip);

const typeIn = (header: string | undefined): { type: string; charset: string } => {
  const [type = '', ...details] = (header ?? '').split(';').map((word) => word.trim().toLowerCase());
  const charset = details.find((detail) => detail.startsWith('charset='))?.slice('charset='.length) ?? '';
  return { type, charset: charset.replaceAll('"', '') || 'utf-8' };
};

const wrongType = (consumes: readonly string[]): Fault =>
  new Fault(
    'unsupported_media_type',
    'http.unsupported_media_type',
    `Invalid content-type. Supported request media types for this service are: [${consumes.join(', ')}]`,
  );

const readBytes = async (message: IncomingMessage, limitBytes: number): Promise<Buffer> => {
  const encoding = message.headers['content-encoding']?.trim().toLowerCase() ?? '';
  if (encoding === '' || encoding === 'identity') return readBody(message, limitBytes);
  if (encoding !== 'gzip') {
    throw new Fault(
      'unsupported_media_type',
      'http.unsupported_encoding',
      'Invalid content-encoding. Request bodies are sent uncompressed or as gzip',
    );
  }
  const packed = await readBody(message, Math.min(limitBytes, compressedLimitBytes));
  try {
    return packed.length === 0 ? packed : await unzip(packed, { maxOutputLength: limitBytes });
  } catch (error) {
    throw new Fault('bad_request', 'http.body_not_gzip', 'Exception while reading request', {
      explanation: 'The payload is not valid gzip, or too large once it is unpacked.',
      cause: error,
    });
  }
};

const isJson = (type: string): boolean => type === 'application/json' || type.endsWith('+json');
const isXml = (type: string): boolean => type === 'application/xml' || type === 'text/xml' || type.endsWith('+xml');

/**
 * GET has no body, whatever is sent with it. Throws `http.unsupported_media_type`, `http.body_too_large` and what the readers of the
 * formats throw.
 */
export const readContent = async (
  message: IncomingMessage,
  { consumes, limitBytes }: { consumes: readonly string[]; limitBytes: number },
): Promise<Content> => {
  const { method } = message;
  if (method === 'GET' || method === 'HEAD') return nothing;
  const { type, charset } = typeIn(message.headers['content-type']);
  const isWelcome = type === '' || type === form || consumes.includes(type);
  // Clients send a type with a DELETE that has no body.
  if (!isWelcome && method !== 'DELETE') throw wrongType(consumes);
  const bytes = await readBytes(message, limitBytes);
  if (bytes.length === 0) return nothing;
  if (!isWelcome) throw wrongType(consumes);
  const text = readText(bytes, charset);
  if (type === form) return { data: null, text, formValues: readParameters(text.trim()).pairs };
  if (isXml(type)) return { data: readXmlData(text), text, formValues: [] };
  if (type === '' || isJson(type)) return { data: (readJson(text) ?? null) as Json, text, formValues: [] };
  return { data: null, text, formValues: [] };
};
