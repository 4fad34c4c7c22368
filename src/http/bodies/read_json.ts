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

const strings = /"(?:[^"\\]|\\.)*"|'((?:[^'\\]|\\.)*)'/gs;

/** Rewrites single-quoted strings as double-quoted ones and leaves everything else alone. */
const requote = (text: string): string =>
  text.replace(strings, (whole: string, inside: string | undefined) =>
    inside === undefined
      ? whole
      : `"${inside.replaceAll("\\'", "'").replace(/\\.|"/gs, (mark) => (mark === '"' ? '\\"' : mark))}"`,
  );

/** undefined for a blank body. Throws `http.body_not_json`. */
export const readJson = (text: string): unknown => {
  if (text.trim() === '') return undefined;
  try {
    return parse(text);
  } catch {
    try {
      return parse(requote(text));
    } catch {
      throw new Fault('bad_request', 'http.body_not_json', 'Exception while reading request', {
        explanation: 'The payload is not valid JSON.',
      });
    }
  }
};
