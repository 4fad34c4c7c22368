// The seam of file formats: bytes in, rows out. A format is one file beside this one and one line in index.ts.
import type { Clock } from '../../kit/clock.ts';
import { Fault } from '../../kit/fault.ts';
import type { Bytes, SourceRow } from '../source_row.ts';

export interface FormatOptions {
  /** CSV: between fields. */
  readonly delimiter: string;
  /** Of texts without a byte order mark; '' is UTF-8, or what an XML file declares. */
  readonly encoding: string;
  /** CSV and Excel, from 1: the row that holds the headers. */
  readonly headerRow: number;
  /** Excel: the place from 1, or the name. */
  readonly sheet: number | string;
  /** JSON and XML: the way to the rows, such as `$.result.users[*]` or `/response/user`; '' finds the first list by itself. */
  readonly path: string;
  /** Of formats that must be read whole. */
  readonly wholeLimitBytes: number;
  /** Where it is given, a document that takes too long is given up. */
  readonly clock?: Pick<Clock, 'after'>;
}

export const defaultFormatOptions: FormatOptions = {
  delimiter: ',',
  encoding: '',
  headerRow: 1,
  sheet: 1,
  path: '',
  wholeLimitBytes: 64 * 1024 * 1024,
};

export interface Format {
  /** As in sys_data_source.format. */
  readonly name: string;
  /** File name endings and media types by which it is known. */
  readonly endings: readonly string[];
  readonly mediaTypes: readonly string[];
  /** Throws Fault `imports.unreadable_file` with the place; `imports.file_too_large`. */
  read(bytes: Bytes, options: FormatOptions): AsyncIterable<SourceRow>;
}

export const unreadable = (format: string, why: string, cause?: unknown): Fault =>
  new Fault('bad_request', 'imports.unreadable_file', `The file cannot be read as ${format}`, {
    explanation: why.slice(0, 500).toWellFormed(),
    cause,
  });

/** All bytes, up to a limit: for formats that cannot be read piece by piece. Throws `imports.file_too_large`. */
export const readWhole = async (bytes: Bytes, limitBytes: number): Promise<Buffer> => {
  const pieces: Uint8Array[] = [];
  let length = 0;
  for await (const piece of bytes) {
    length += piece.length;
    if (length > limitBytes) throw fileTooLarge(limitBytes);
    pieces.push(piece);
  }
  return Buffer.concat(pieces, length);
};

export const fileTooLarge = (limitBytes: number): Fault =>
  new Fault('too_large', 'imports.file_too_large', `The file holds more than ${limitBytes} bytes`);
