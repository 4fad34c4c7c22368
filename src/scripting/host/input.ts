// Reads what a script passed with a call. It was made inside the sandbox: anything may be missing or of another kind.

import { Fault } from '../../kit/fault.ts';
import { isObject } from '../../kit/is_object.ts';
import type { Values } from '../../records/records.ts';
import type { Json } from '../script.ts';

export type Input = Readonly<Record<string, unknown>>;

const wrong = (name: string): Fault =>
  new Fault('bad_request', 'records.bad_script_call', `A script passed something unusable as ${name}`);

export const readInput = (json: Json): Input => (isObject(json) ? json : {});

const own = (input: Input, name: string): unknown => (Object.hasOwn(input, name) ? input[name] : undefined);

export const textIn = (input: Input, name: string): string => {
  const value = own(input, name);
  if (typeof value !== 'string') throw wrong(name);
  return value;
};

/** undefined where there is none. */
export const countIn = (input: Input, name: string): number | undefined => {
  const value = own(input, name);
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 0) throw wrong(name);
  return value;
};

export const numberIn = (input: Input, name: string): number => {
  const value = own(input, name);
  if (typeof value !== 'number' || !Number.isFinite(value)) throw wrong(name);
  return value;
};

export const listIn = (input: Input, name: string): readonly Input[] => {
  const value = own(input, name);
  if (!Array.isArray(value)) throw wrong(name);
  return value.map((one) => readInput(one as Json));
};

export const namesIn = (input: Input, name: string): readonly string[] => {
  const value = own(input, name);
  if (!Array.isArray(value) || !value.every((one) => typeof one === 'string')) throw wrong(name);
  return value;
};

/** Field → text, for writing: an empty text clears. No prototype. */
export const valuesIn = (input: Input, name: string): Values => {
  const value = own(input, name);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw wrong(name);
  const values: Record<string, string | null> = Object.create(null);
  for (const [field, text] of Object.entries(value)) {
    if (typeof text !== 'string') throw wrong(`${name}.${field}`);
    values[field] = text === '' ? null : text;
  }
  return values;
};
