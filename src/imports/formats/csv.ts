// Comma-separated values, read piece by piece: a file of any length needs the memory of one row.
import { Readable } from 'node:stream';
import { CsvError, type InfoRecord, parse } from 'csv-parse';
import type { Bytes, SourceRow } from '../source_row.ts';
import { decodePieces } from './decode.ts';
import { type Format, type FormatOptions, unreadable } from './format.ts';
import { headersOf } from './headers.ts';

// A quote that is never closed would otherwise swallow the rest of the file into one field.
const longestRowBytes = 1_048_576;
const mostColumns = 1_000;

async function* read(bytes: Bytes, { delimiter, encoding, headerRow }: FormatOptions): AsyncIterable<SourceRow> {
  if (/["\r\n]/.test(delimiter)) throw unreadable('CSV', 'A quote or the end of a line cannot stand between fields');
  const parser = parse({
    delimiter: delimiter === '\\t' ? '\t' : delimiter || ',',
    // Files that were put together of several have more than one kind of line.
    record_delimiter: ['\r\n', '\n', '\r'],
    relax_column_count: true,
    // A quote in the middle of a field is itself: 3.5" disk.
    relax_quotes: true,
    skip_empty_lines: true,
    max_record_size: longestRowBytes,
    from_line: Math.max(1, headerRow),
    info: true,
  });
  const source = Readable.from(decodePieces('CSV', bytes, encoding));
  // An error of the source must end the parser too, or the loop below would wait for ever.
  source.on('error', (error) => parser.destroy(error));
  source.pipe(parser);
  let headers: string[] | undefined;
  try {
    for await (const { record, info } of parser as AsyncIterable<{ record: string[]; info: InfoRecord }>) {
      if (!headers) {
        headers = headersOf(record);
        if (headers.length > mostColumns) throw unreadable('CSV', `It has more than ${mostColumns} columns`);
        continue;
      }
      if (record.slice(headers.length).some((cell) => cell !== ''))
        throw unreadable('CSV', `Line ${info.lines} has ${record.length} fields, the header has ${headers.length}`);
      const row = new Map<string, string>();
      for (const [at, header] of headers.entries()) row.set(header, record[at] ?? '');
      yield row;
    }
  } catch (error) {
    if (error instanceof CsvError) throw unreadable('CSV', error.message, error);
    throw error;
  } finally {
    source.destroy();
    parser.destroy();
  }
}

export const csv: Format = {
  name: 'CSV',
  endings: ['csv', 'tsv', 'txt'],
  mediaTypes: ['text/csv', 'application/csv', 'text/tab-separated-values', 'text/plain'],
  read,
};
