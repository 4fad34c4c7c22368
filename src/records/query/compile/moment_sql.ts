// Stored moments as wall times, days and parts, written for each engine. Stored moments are known to be real ones
// (field_types/moment.ts), so casts cannot fail. The only literals are digits made here.
import type { DatePart, Path, Period } from '../bound.ts';
import type { Offset } from '../offsets.ts';
import { natureOf } from '../values.ts';
import type { Writer } from './writer.ts';

// Halved again and again: a zone has some 180 changes, and a row should not walk through all of them.
const secondsEast = (column: string, offsets: readonly Offset[]): string => {
  const only = offsets[0];
  if (offsets.length <= 1) return String(Math.trunc(only?.seconds ?? 0));
  const middle = offsets.length >> 1;
  const border = (offsets[middle]?.from ?? '').replace(/[^0-9: -]/g, '');
  return `CASE WHEN ${column} < '${border}' THEN ${secondsEast(column, offsets.slice(0, middle))} ELSE ${secondsEast(column, offsets.slice(middle))} END`;
};

/** Moment text some seconds later; `secondsSql` is an expression. */
export const shiftedText = ({ dialect }: Writer, momentSql: string, secondsSql: string): string =>
  dialect.engine === 'sqlite'
    ? `datetime(${momentSql}, (${secondsSql}) || ' seconds')`
    : `to_char((${momentSql})::timestamp + (${secondsSql}) * interval '1 second', 'YYYY-MM-DD HH24:MI:SS')`;

/** `YYYY-MM-DD HH:MM:SS`, a date having its midnight. */
export const momentText = ({ field }: Path, columnSql: string): string =>
  natureOf(field) === 'date' ? `(${columnSql} || ' 00:00:00')` : columnSql;

/** The same on the wall clock of the zone. A date has no zone and stays. */
export const wallText = (writer: Writer, path: Path, columnSql: string, zone: string): string => {
  const offsets = writer.offsets(zone);
  if (natureOf(path.field) === 'date') return momentText(path, columnSql);
  if (offsets.length === 1 && offsets[0]?.seconds === 0) return columnSql;
  return shiftedText(writer, columnSql, secondsEast(columnSql, offsets));
};

const integer = (sql: string, from: number, length: number): string => `CAST(substr(${sql}, ${from}, ${length}) AS integer)`;

/** Days since the first of January 1970. */
const dayNumber = ({ dialect }: Writer, sql: string): string =>
  dialect.engine === 'sqlite'
    ? `CAST(julianday(substr(${sql}, 1, 10)) - 2440587.5 AS integer)`
    : `(substr(${sql}, 1, 10)::date - '1970-01-01'::date)`;

// 1970-01-01 was a Thursday. The added weeks keep the remainder positive for every year there is.
const weekShift = 3 + 7 * 100_000;
const weekday = (writer: Writer, wall: string): string => `((${dayNumber(writer, wall)} + ${weekShift}) % 7 + 1)`;

const quarter = (wall: string): string => `((${integer(wall, 6, 2)} + 2) / 3)`;

/** Weeks of a year start on Sunday; the days before its first Sunday are week 0. */
const weekOfYear = (writer: Writer, wall: string): string => {
  const dayOfYear = `(${dayNumber(writer, wall)} - ${dayNumber(writer, `(substr(${wall}, 1, 4) || '-01-01')`)})`;
  return `((${dayOfYear} + 7 - ${weekday(writer, wall)} % 7) / 7)`;
};

/** A part of a wall time, as an integer. */
export const partOf = (writer: Writer, wall: string, part: DatePart): string => {
  switch (part) {
    case 'minute':
      return integer(wall, 15, 2);
    case 'hour':
      return integer(wall, 12, 2);
    case 'dayofweek':
      return weekday(writer, wall);
    case 'dayofmonth':
      return integer(wall, 9, 2);
    case 'week':
      return weekOfYear(writer, wall);
    case 'month':
      return integer(wall, 6, 2);
    case 'quarter':
      return quarter(wall);
    case 'year':
      return integer(wall, 1, 4);
  }
};

const lengths = { minute: 16, hour: 13, day: 10, month: 7, year: 4 } as const;

/** What is equal for two wall times exactly when they lie in the same period. */
export const bucketOf = (writer: Writer, wall: string, period: Period): string => {
  if (period === 'week') return `((${dayNumber(writer, wall)} + ${weekShift}) / 7)`;
  if (period === 'quarter') return `(${integer(wall, 1, 4)} * 4 + ${quarter(wall)})`;
  return `substr(${wall}, 1, ${lengths[period]})`;
};
