// JSON: a document with a list of objects somewhere in it, or one object per line.
import { flatten } from '../flatten.ts';
import type { Bytes, SourceRow } from '../source_row.ts';
import { decodeText, type Format, type FormatOptions, followPath, readWhole, unreadable } from './format.ts';

const isObject = (value: unknown): value is object => value !== null && typeof value === 'object' && !Array.isArray(value);

/** Breadth first, so that the outermost list wins. */
const firstList = (document: unknown): unknown => {
  const waiting: unknown[] = [document];
  for (let at = 0; at < waiting.length && at < 1_000; at += 1) {
    const here = waiting[at];
    if (Array.isArray(here)) return here;
    if (isObject(here)) waiting.push(...Object.values(here));
  }
  return document;
};

export const rowsOfDocument = function* (format: string, document: unknown, path: string): Iterable<SourceRow> {
  const found = path === '' ? firstList(document) : followPath(document, path);
  if (found === undefined) throw unreadable(format, `There is nothing at ${path}`);
  const rows = Array.isArray(found) ? found : [found];
  for (const [at, row] of rows.entries()) {
    if (!isObject(row)) throw unreadable(format, `Row ${at + 1} is no object of fields and values`);
    yield flatten(row);
  }
};

const parse = (text: string, where: string): unknown => {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw unreadable('JSON', `${where}${(error as Error).message}`, error);
  }
};

const looksLikeLines = (text: string): boolean => {
  const [first = '', second] = text.trimStart().split('\n', 2);
  return second !== undefined && first.trimStart().startsWith('{') && first.trimEnd().endsWith('}');
};

async function* read(bytes: Bytes, { path, wholeLimitBytes }: FormatOptions): AsyncIterable<SourceRow> {
  const text = decodeText('JSON', await readWhole(bytes, wholeLimitBytes));
  if (path !== '' || !looksLikeLines(text)) {
    yield* rowsOfDocument('JSON', parse(text, ''), path);
    return;
  }
  let line = 0;
  for (const each of text.split('\n')) {
    line += 1;
    if (each.trim() === '') continue;
    const row = parse(each, `Line ${line}: `);
    if (!isObject(row)) throw unreadable('JSON', `Line ${line} is no object of fields and values`);
    yield flatten(row);
  }
}

export const json: Format = {
  name: 'JSON',
  endings: ['json', 'ndjson', 'jsonl'],
  mediaTypes: ['application/json', 'application/x-ndjson', 'application/jsonl'],
  read,
};
