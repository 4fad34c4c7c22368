// JSON with one spelling, so that both sides hash the same text: keys sorted by UTF-16 units, no spaces, numbers as ECMAScript
// writes them (RFC 8785). Pure.
import { hash } from 'node:crypto';

type Plain = Readonly<Record<string, unknown>>;

const isSorted = (keys: readonly string[]): boolean => keys.every((key, at) => at === 0 || (keys[at - 1] as string) < key);

// Integer-like keys come first in an object whatever the order of insertion, so sorted copies cannot carry the order: text does.
const write = (value: unknown): string => {
  if (value === null || typeof value !== 'object') return JSON.stringify(value) ?? 'null';
  if (Array.isArray(value)) return `[${value.map(write).join(',')}]`;
  const keys = Object.keys(value).filter((key) => (value as Plain)[key] !== undefined);
  if (!isSorted(keys)) keys.sort();
  return `{${keys.map((key) => `${JSON.stringify(key)}:${write((value as Plain)[key])}`).join(',')}}`;
};

/** The canonical text of a JSON value; moments and the like are written as their `toJSON` says. */
export const canonicalJson = (value: unknown): string => write(hasToJson(value) ? JSON.parse(JSON.stringify(value)) : value);

const hasToJson = (value: unknown): boolean => {
  if (value === null || typeof value !== 'object') return false;
  if (typeof (value as { toJSON?: unknown }).toJSON === 'function') return true;
  return Object.values(value).some(hasToJson);
};

/** SHA-256, hex. */
export const payloadHash = (canonicalText: string): string => hash('sha256', canonicalText, 'hex');
