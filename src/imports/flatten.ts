// Nested values → one level of texts: `address.country`, lists joined with commas. Bounded in depth, width and length, because claims
// and files come from strangers. Pure.
import type { SourceRow } from './source_row.ts';

export interface FlattenLimits {
  readonly depth: number;
  readonly keys: number;
  readonly keyLength: number;
  readonly textLength: number;
}

export const flattenLimits: FlattenLimits = { depth: 5, keys: 300, keyLength: 200, textLength: 65_000 };

// Neither engine stores NUL or half a character, and a cut must not leave one.
const clean = (text: string, length: number): string => text.slice(0, length).replaceAll('\0', '').toWellFormed();

const isScalar = (value: unknown): boolean => value === null || typeof value !== 'object';

const scalarText = (value: unknown): string => (value === null || value === undefined ? '' : String(value));

/** JSON of what is nested too deeply to be taken apart; a value that cannot be written as JSON is said to be one. */
const jsonText = (value: unknown): string => {
  try {
    return JSON.stringify(value) ?? '';
  } catch {
    return '(nested too deeply)';
  }
};

/** Objects become dotted keys; lists of plain values `a,b`; lists of anything else their JSON. What exceeds a limit is cut or left out. */
export const flatten = (value: unknown, limits: FlattenLimits = flattenLimits): SourceRow => {
  const row = new Map<string, string>();
  const put = (key: string, text: string): void => {
    if (row.size < limits.keys && key !== '') row.set(clean(key, limits.keyLength), clean(text, limits.textLength));
  };
  const walk = (key: string, inner: unknown, depth: number): void => {
    if (row.size >= limits.keys) return;
    if (isScalar(inner)) put(key, scalarText(inner));
    else if (Array.isArray(inner)) put(key, inner.every(isScalar) ? inner.map(scalarText).join(',') : jsonText(inner));
    else if (depth >= limits.depth) put(key, jsonText(inner));
    else for (const [name, each] of Object.entries(inner as object)) walk(key === '' ? name : `${key}.${name}`, each, depth + 1);
  };
  walk('', value, 0);
  return row;
};
