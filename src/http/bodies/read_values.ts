// A parsed body as field values: text or null, whatever JSON type the caller used.
// It must not know fields: names the table lacks are dropped further down.
import { Fault } from '../../kit/fault.ts';
import type { Values } from '../../records/records.ts';

const notAnObject = (): Fault =>
  new Fault('bad_request', 'http.body_not_an_object', 'Exception while reading request', {
    explanation: 'The payload must be one object of fields and values.',
  });

const unusable = (): Fault =>
  new Fault('bad_request', 'http.value_not_text', 'Exception while reading request', {
    explanation: 'A value in the payload holds the character NUL or is nested too deeply.',
  });

const isScalar = (value: unknown): boolean => value === null || typeof value !== 'object';

const nested = (value: object): unknown => {
  // A record read with sysparm_display_value=all and sent back: {"display_value": …, "value": …}.
  if (!Array.isArray(value) && Object.hasOwn(value, 'value')) return (value as { value: unknown }).value;
  if (Array.isArray(value) && value.every(isScalar)) return value.map((item) => item ?? '').join(',');
  return undefined;
};

/** The text a field stores for a JSON value. Throws `http.value_not_text`. */
export const valueText = (value: unknown): string | null => {
  if (value === null || value === undefined) return null;
  let text: string;
  if (typeof value === 'object') {
    const inner = nested(value);
    if (inner === null) return null;
    try {
      text = inner === undefined || !isScalar(inner) ? JSON.stringify(value) : String(inner);
    } catch {
      throw unusable();
    }
  } else {
    text = String(value);
  }
  if (text.includes('\0')) throw unusable();
  // A lone surrogate is no character: the engines would store it differently.
  return text.toWellFormed();
};

/** Only the first object of a list counts. Throws `http.body_not_an_object`. */
export const valuesOfJson = (body: unknown): Values => {
  const first = Array.isArray(body) ? (body as unknown[])[0] : body;
  if (first === undefined) return valuesOf([]);
  if (first === null || typeof first !== 'object' || Array.isArray(first)) throw notAnObject();
  return valuesOf(Object.entries(first));
};

export const valuesOf = (entries: Iterable<readonly [string, unknown]>): Values => {
  const values: Record<string, string | null> = Object.create(null);
  for (const [name, value] of entries) values[name] = valueText(value);
  return values;
};
