// JSON: a document with a list of objects somewhere in it, or one object per line.
import { parseExact } from '../../kit/exact_numbers.ts';
import { isObject } from '../../kit/is_object.ts';
import { flatten } from '../flatten.ts';
import type { Bytes, SourceRow } from '../source_row.ts';
import { decodeText } from './decode.ts';
import { type Format, type FormatOptions, readWhole, unreadable } from './format.ts';
import { followPath, readPath } from './path.ts';

const mostNodes = 1_000;

/** The outermost list of objects; else the outermost one that is empty or has some; else the document. */
const firstList = (document: unknown): unknown => {
  const waiting: unknown[] = [document];
  let spare: unknown;
  for (let at = 0; at < waiting.length && at < mostNodes; at += 1) {
    const here = waiting[at];
    if (Array.isArray(here)) {
      if (here.length > 0 && here.every(isObject)) return here;
      // A list of plain values is a value of its record.
      if (here.length === 0 || here.some(isObject)) spare ??= here;
    } else if (isObject(here)) waiting.push(...Object.values(here));
  }
  return spare ?? document;
};

const rowsAt = (format: 'JSON' | 'XML', document: unknown, path: string): readonly unknown[] => {
  const steps = readPath(path, format === 'XML' ? 1 : 0);
  if (!steps) throw unreadable(format, `The path ${path} is not understood: names, //name, * and [n] are`);
  const found = followPath(document, steps);
  // An empty list of JSON is there; one of XML is not, though what it would stand in is.
  const mayBeNone = format === 'XML' && (steps.length > 1 || steps[0]?.isAnywhere === true);
  if (!found || (found.length === 0 && !mayBeNone)) throw unreadable(format, `There is nothing at ${path}`);
  return found;
};

export const rowsOfDocument = function* (format: 'JSON' | 'XML', document: unknown, path: string): Iterable<SourceRow> {
  const found = path === '' ? [firstList(document)] : rowsAt(format, document, path);
  for (const [at, row] of found.flat().entries()) {
    if (!isObject(row)) throw unreadable(format, `Row ${at + 1} is no object of fields and values`);
    yield flatten(row);
  }
};

const parse = (text: string, where: string): unknown => {
  try {
    return parseExact(text);
  } catch (error) {
    throw unreadable('JSON', `${where}${(error as Error).message}`, error);
  }
};

const looksLikeLines = (text: string): boolean => {
  const [first = '', second] = text.trimStart().split('\n', 2);
  return second !== undefined && first.trimStart().startsWith('{') && first.trimEnd().endsWith('}');
};

async function* read(bytes: Bytes, { path, encoding, wholeLimitBytes }: FormatOptions): AsyncIterable<SourceRow> {
  const text = decodeText('JSON', await readWhole(bytes, wholeLimitBytes), encoding);
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
