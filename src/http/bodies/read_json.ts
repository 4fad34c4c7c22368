// JSON as clients send it: strict first, then with single quotes, because the vendor's own examples write {'a':'b'}.
// It must not accept more than that: no comments, no bare words, no trailing commas.
import { Fault } from '../../kit/fault.ts';

/** Longest run of digits a double keeps exactly; longer numbers are read as their own text. */
const exactDigits = 15;

const reviveLongNumbers = (_key: string, value: unknown, context?: { source?: string }): unknown =>
  typeof value === 'number' && context?.source !== undefined && context.source.replace(/\D/g, '').length > exactDigits
    ? context.source
    : value;

const parse = (text: string): unknown =>
  /\d{16}/.test(text) ? JSON.parse(text, reviveLongNumbers as (key: string, value: unknown) => unknown) : JSON.parse(text);

/** Where the string that opens at `from` closes; -1 when it never does. */
const endOfString = (text: string, from: number): number => {
  const quote = text[from];
  for (let at = from + 1; at < text.length; at += 1) {
    if (text[at] === '\\') at += 1;
    else if (text[at] === quote) return at;
  }
  return -1;
};

/** Double quotes around what stands in single ones. */
const doubleQuoted = (inside: string): string =>
  `"${inside.replaceAll("\\'", "'").replace(/\\.|"/gs, (mark) => (mark === '"' ? '\\"' : mark))}"`;

/** Rewrites single-quoted strings as double-quoted ones and leaves everything else alone. One pass, whatever is written. */
const requote = (text: string): string => {
  const pieces: string[] = [];
  let copiedTo = 0;
  for (let at = 0; at < text.length; at += 1) {
    if (text[at] !== '"' && text[at] !== "'") continue;
    const end = endOfString(text, at);
    if (end < 0) break;
    if (text[at] === "'") {
      pieces.push(text.slice(copiedTo, at), doubleQuoted(text.slice(at + 1, end)));
      copiedTo = end + 1;
    }
    at = end;
  }
  return pieces.length === 0 ? text : pieces.join('') + text.slice(copiedTo);
};

/** Far deeper than any client nests; the parser itself would go down millions of levels, for seconds. */
const depthLimit = 1_000;

const isTooDeep = (text: string): boolean => {
  let depth = 0;
  for (let at = 0; at < text.length; at += 1) {
    const mark = text[at];
    if (mark === '[' || mark === '{') depth += 1;
    else if (mark === ']' || mark === '}') depth -= 1;
    else if (mark === '"' || mark === "'") {
      at = endOfString(text, at);
      if (at < 0) return false;
    }
    if (depth > depthLimit) return true;
  }
  return false;
};

/** In characters. Who writes by hand writes less than this. */
const tolerantLimit = 1_000_000;

const notJson = (explanation = 'The payload is not valid JSON.'): Fault =>
  new Fault('bad_request', 'http.body_not_json', 'Exception while reading request', { explanation });

/** undefined for a blank body. Throws `http.body_not_json`. */
export const readJson = (text: string): unknown => {
  if (text.trim() === '') return undefined;
  if (text.length > depthLimit && isTooDeep(text)) throw notJson('The payload is nested too deeply.');
  try {
    return parse(text);
  } catch {
    if (text.length > tolerantLimit) throw notJson();
    try {
      return parse(requote(text));
    } catch {
      throw notJson();
    }
  }
};
