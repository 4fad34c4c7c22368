// Moments, days, times of day and durations. Stored as UTC text that sorts as time does; no zone is ever stored.
import { wireMoment } from '../../kit/clock.ts';
import { fromWall, toWall } from '../zoned.ts';
import type { FieldType, ReadingOptions } from './field_type.ts';

const shape = /^(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ]+(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,]\d+)?)?\s*(Z|UTC|[+-]\d{2}:?\d{2})?)?$/i;

interface Reading {
  /** As if the wall clock were UTC. */
  ms: number;
  hasTime: boolean;
  /** Minutes east of UTC when the text says so itself. */
  offsetMinutes: number | undefined;
}

const offsetOf = (text: string | undefined): number | undefined => {
  if (text === undefined) return undefined;
  const [, sign, hours, minutes] = /^([+-])(\d{2}):?(\d{2})$/.exec(text) ?? [];
  return sign ? (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes)) : 0;
};

const readParts = (text: string): Reading | undefined => {
  const [, year, month, day, hour, minute, second, zone] = shape.exec(text.trim()) ?? [];
  if (!year) return undefined;
  const numbers = [
    Number(year),
    Number(month) - 1,
    Number(day),
    Number(hour ?? 0),
    Number(minute ?? 0),
    Number(second ?? 0),
  ] as const;
  const ms = Date.UTC(...numbers);
  const made = new Date(ms);
  // Date.UTC turns the 31st of February into March; a date that is none is not understood. Years below 1000 would not sort as text.
  const isReal =
    made.getUTCMonth() === numbers[1] &&
    made.getUTCDate() === numbers[2] &&
    numbers[3] < 24 &&
    numbers[4] < 60 &&
    numbers[5] < 60;
  if (!isReal || numbers[0] < 1000) return undefined;
  return { ms, hasTime: hour !== undefined, offsetMinutes: offsetOf(zone) };
};

/** UTC milliseconds of a moment as people and programs write it (`YYYY-MM-DD[ T]HH:MM[:SS][zone]`); undefined when it is none. */
export const readMoment = (text: string, options: ReadingOptions): number | undefined => {
  const parts = readParts(text);
  if (!parts) return undefined;
  if (parts.offsetMinutes !== undefined) return parts.ms - parts.offsetMinutes * 60_000;
  return options.isDisplay ? fromWall(parts.ms, options.timeZone) : parts.ms;
};

/** A display value as everybody may write it, where it is written in the user's own way. */
const asUsual = (written: string, { isDisplay, formats }: ReadingOptions): string =>
  (isDisplay ? formats?.read(written) : undefined) ?? written;

const text = { toColumn: (stored: string) => stored, toText: (value: unknown) => String(value) };

export const momentTypes: FieldType = {
  names: ['glide_date_time', 'due_date', 'glide_utc_time', 'calendar_date_time'],
  columnType: 'text',
  maxLength: 40,
  read(written, options) {
    const ms = readMoment(asUsual(written, options), options);
    return ms === undefined ? undefined : wireMoment(ms);
  },
  ...text,
  show(stored, timeZone, formats) {
    const ms = readMoment(stored, { isDisplay: false, timeZone: 'UTC' });
    if (ms === undefined) return stored;
    const wall = wireMoment(toWall(ms, timeZone));
    return formats?.moment(wall) ?? wall;
  },
};

export const dateTypes: FieldType = {
  names: ['glide_date'],
  columnType: 'text',
  maxLength: 40,
  read(written, options) {
    const parts = readParts(asUsual(written, options));
    return parts && wireMoment(parts.ms).slice(0, 10);
  },
  ...text,
  show: (stored, _timeZone, formats) => formats?.day(stored) ?? stored,
};

export const timeTypes: FieldType = {
  names: ['glide_time'],
  columnType: 'text',
  maxLength: 40,
  read(written) {
    const [, hour, minute, second = '00'] = /^(?:1970-01-01 )?(\d{1,2}):(\d{2})(?::(\d{2}))?$/.exec(written.trim()) ?? [];
    if (!hour || Number(hour) > 23 || Number(minute) > 59 || Number(second) > 59) return undefined;
    return `1970-01-01 ${hour.padStart(2, '0')}:${minute}:${second}`;
  },
  ...text,
  show: (stored, _timeZone, formats) => formats?.time(stored.slice(11)) ?? stored.slice(11),
};

const durationMs = (written: string): number | undefined => {
  const trimmed = written.trim();
  const [, days = '0', hours, minutes, seconds] = /^(?:(\d{1,5}) )?(\d{1,2}):(\d{2}):(\d{2})$/.exec(trimmed) ?? [];
  if (hours) return ((Number(days) * 24 + Number(hours)) * 60 + Number(minutes)) * 60_000 + Number(seconds) * 1000;
  if (/^\d{1,10}$/.test(trimmed)) return Number(trimmed) * 1000;
  const moment = readParts(trimmed);
  return moment && moment.ms >= 0 ? moment.ms : undefined;
};

const units = [
  ['Day', 86_400_000],
  ['Hour', 3_600_000],
  ['Minute', 60_000],
  ['Second', 1000],
] as const;

export const durationTypes: FieldType = {
  names: ['glide_duration', 'timer'],
  columnType: 'text',
  maxLength: 40,
  read(written) {
    const ms = durationMs(written);
    return ms === undefined ? undefined : wireMoment(ms);
  },
  ...text,
  show(stored) {
    let rest = durationMs(stored) ?? 0;
    const shown: string[] = [];
    for (const [unit, unitMs] of units) {
      const count = Math.floor(rest / unitMs);
      rest -= count * unitMs;
      if (count > 0) shown.push(`${count} ${unit}${count === 1 ? '' : 's'}`);
    }
    return shown.length > 0 ? shown.join(' ') : '0 Seconds';
  },
};
