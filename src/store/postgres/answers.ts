// How PostgreSQL's answers become values, so that they equal SQLite's.
import type { Value } from '../store.ts';
import { integerValue } from '../values.ts';

const types = { boolean: 16, bytes: 17, int8: 20, int2: 21, int4: 23, oid: 26, float4: 700, float8: 701, numeric: 1700 };

const integerDigits = /^-?\d+$/;

export type ReadText = (text: string) => Value;

const readers: ReadonlyMap<number, ReadText> = new Map<number, ReadText>([
  [types.boolean, (text) => (text === 't' ? 1 : 0)],
  // A copy: the driver's buffers share one memory, and what is kept would keep all of it.
  [types.bytes, (text) => new Uint8Array(Buffer.from(text.slice(2), 'hex'))],
  [types.int8, integerValue],
  [types.int2, Number],
  [types.int4, Number],
  [types.oid, Number],
  [types.float4, Number],
  [types.float8, Number],
  // Sums of integers come as numeric.
  [types.numeric, (text) => (integerDigits.test(text) ? integerValue(text) : Number(text))],
]);

const asSent: ReadText = (text) => text;

/** How a column of this type is read; undefined: it is text already. */
export const readerOf = (type: number): ReadText | undefined => readers.get(type);

/** In the form the driver asks for. */
export const answerTypes = { getTypeParser: (type: number) => readers.get(type) ?? asSent };
