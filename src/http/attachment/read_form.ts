// A multipart form whose last part is a file: the fields before it are read, the file is handed on as it arrives.
// It must not hold the file, nor take part in what becomes of it.
import type { Readable } from 'node:stream';
import { Busboy } from '@fastify/busboy';
import { Fault } from '../../kit/fault.ts';

export interface FormFile {
  /** Those that came before the file. */
  readonly fields: ReadonlyMap<string, string>;
  /** As the sender called it; '' where he did not. */
  readonly name: string;
  readonly type: string;
  readonly body: Readable;
}

const limits = { fieldNameSize: 100, fieldSize: 65_536, fields: 20, files: 1, parts: 30, headerPairs: 50 };

const unreadable = (explanation: string, cause?: unknown): Fault =>
  new Fault('bad_request', 'http.form_unreadable', 'Exception while reading request', { explanation, cause });

const notAForm = (): Fault =>
  new Fault(
    'unsupported_media_type',
    'http.form_expected',
    'Invalid content-type. Supported request media types for this service are: [multipart/form-data]',
  );

const makeReader = (contentType: string) => {
  if (!/^multipart\/form-data\s*;/i.test(contentType)) throw notAForm();
  try {
    return new Busboy({ headers: { 'content-type': contentType }, limits });
  } catch (error) {
    throw unreadable('The form has no boundary.', error);
  }
};

/** Answers what `take` made of the first file; parts behind it are thrown away. Throws `http.form_expected`, `http.form_unreadable`. */
export const readForm = <T>(contentType: string, body: Readable, take: (file: FormFile) => Promise<T>): Promise<T> => {
  const reader = makeReader(contentType);
  const { promise, resolve, reject } = Promise.withResolvers<T>();
  const fields = new Map<string, string>();
  let file: Readable | undefined;
  const giveUp = (error: unknown): void => {
    body.unpipe(reader);
    body.resume();
    file?.destroy(error instanceof Error ? error : undefined);
    reject(error);
  };
  reader.on('field', (name: string, value: string) => {
    if (file === undefined) fields.set(name, value.replaceAll('\0', ''));
  });
  reader.on('file', (_field: string, stream: Readable, name: string | undefined, _encoding: string, type: string) => {
    file = stream;
    // Its reader sees the same error.
    stream.on('error', () => undefined);
    take({ fields, name: name ?? '', type, body: stream }).then(resolve, giveUp);
  });
  reader.on('error', (error: unknown) => giveUp(unreadable('The form is not complete.', error)));
  reader.on('finish', () => {
    if (file === undefined) reject(unreadable('The form holds no file.'));
  });
  body.on('error', (error) => giveUp(unreadable('The connection ended before the form did.', error)));
  body.pipe(reader);
  return promise;
};
