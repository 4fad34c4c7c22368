// What the text behind an operator stands for, given the field it is compared with: a column value, a span of time, or nothing that
// the field could ever hold.

import { wireMoment } from '../../kit/clock.ts';
import type { Value } from '../../store/store.ts';
import type { Field } from '../dictionary.ts';
import { fieldTypeOf } from '../field_types/index.ts';
import { cleanText } from '../field_types/text.ts';
import { fromWall, toWall } from '../zoned.ts';
import { type Call, readCall } from './call.ts';
import { addPeriods, secondMs, startOf } from './moments.ts';
import { momentOfCall, type Now } from './relative.ts';

/** First and last second of what was written; the same where a moment was written. */
export interface Span {
  readonly fromMs: number;
  readonly toMs: number;
}

export interface Reading {
  /** The value as the column holds it; undefined where the field can hold no such thing. */
  readonly value: Value | undefined;
  /** Set for moments and dates. */
  readonly span: Span | undefined;
}

/** What a `javascript:` value may ask about the one who asks. */
export interface Asker {
  readonly userSysId: string;
  readonly userName: string;
  readonly displayName: string;
}

export type Nature = 'moment' | 'date' | 'number' | 'boolean' | 'text';

const moments: ReadonlySet<string> = new Set(['glide_date_time', 'due_date', 'glide_utc_time', 'calendar_date_time']);

export const natureOf = (field: Field): Nature => {
  if (moments.has(field.type)) return 'moment';
  if (field.type === 'glide_date') return 'date';
  if (field.type === 'boolean') return 'boolean';
  return field.columnType === 'integer' || field.columnType === 'real' ? 'number' : 'text';
};

// What is stored lies between these years. Further off, the text would neither sort nor be a moment (`+010000-01-01`): people who
// write 9999-12-31 for "never" west of Greenwich get the last moment there is.
const firstMs = Date.UTC(1000, 0, 1);
const lastMs = Date.UTC(10_000, 0, 1) - secondMs;

/** A moment as the column of `field` holds it. */
export const storedMoment = (field: Field, atMs: number, timeZone: string): string => {
  const isDate = natureOf(field) === 'date';
  const text = wireMoment(Math.min(Math.max(isDate ? toWall(atMs, timeZone) : atMs, firstMs), lastMs));
  return isDate ? text.slice(0, 10) : text;
};

const dayOnly = /^\s*\d{4}-\d{1,2}-\d{1,2}\s*$/;

const readMoment = (field: Field, text: string, timeZone: string): Reading => {
  const type = fieldTypeOf(field.type);
  const stored = type.read(text, { isDisplay: true, timeZone });
  if (stored === undefined) return { value: undefined, span: undefined };
  const isDate = stored.length === 10;
  // Past the last year the text is no moment any more; storedMoment brings the number back.
  const readMs = isDate ? fromWall(Date.parse(stored), timeZone) : Date.parse(`${stored.replace(' ', 'T')}Z`);
  const fromMs = Number.isNaN(readMs) ? lastMs : readMs;
  const isDay = isDate || dayOnly.test(text);
  const toMs = isDay ? fromWall(addPeriods('day', startOf('day', toWall(fromMs, timeZone)), 1), timeZone) - secondMs : fromMs;
  return { value: storedMoment(field, fromMs, timeZone), span: { fromMs, toMs } };
};

const readNumber = (field: Field, text: string): Value | undefined => {
  const isPlain = /^\s*[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d{1,3})?\s*$/.test(text);
  const number = isPlain ? Number(text) : Number.NaN;
  if (Number.isFinite(number))
    return field.columnType === 'integer' && !Number.isSafeInteger(Math.trunc(number)) ? undefined : number;
  const stored = fieldTypeOf(field.type).read(text, { isDisplay: true, timeZone: 'UTC' });
  return stored === undefined ? undefined : Number(stored);
};

/** Reads plain text, no script, as a value of `field`. A number may still have a fraction where the column holds whole ones. */
export const readLiteral = (field: Field, text: string, timeZone: string): Reading => {
  switch (natureOf(field)) {
    case 'moment':
    case 'date':
      return readMoment(field, text, timeZone);
    case 'number':
      return { value: readNumber(field, text), span: undefined };
    case 'boolean': {
      const type = fieldTypeOf(field.type);
      const stored = type.read(text, { isDisplay: true, timeZone });
      return { value: stored === undefined ? undefined : type.toColumn(stored), span: undefined };
    }
    case 'text':
      return { value: cleanText(text), span: undefined };
  }
};

const textOfCall = (call: Call, asker: () => Asker): string | undefined => {
  switch (call.name) {
    case 'getUserID':
    case 'getUser.getID':
      return asker().userSysId;
    case 'getUserName':
    case 'getUser.getName':
      return asker().userName;
    case 'getUserDisplayName':
    case 'getUser.getDisplayName':
      return asker().displayName;
    default:
      return undefined;
  }
};

/** Where a script's answer comes from; only what it needs is asked for. */
export interface ScriptSources {
  readonly asker: () => Asker;
  readonly now: () => Now;
  readonly timeZone: string;
}

/** Reads a script as a value of `field`; undefined when the script is none of those allowed. */
export const readScript = (field: Field, text: string, { asker, now, timeZone }: ScriptSources): Reading | undefined => {
  const call = readCall(text);
  if (!call) return undefined;
  const words = textOfCall(call, asker);
  if (words !== undefined) return readLiteral(field, words, timeZone);
  const atMs = momentOfCall(call, now());
  if (atMs === undefined) return undefined;
  const nature = natureOf(field);
  if (nature === 'number' || nature === 'boolean') return { value: undefined, span: undefined };
  const span = nature === 'text' ? undefined : { fromMs: atMs, toMs: atMs };
  return { value: storedMoment(field, atMs, timeZone), span };
};
