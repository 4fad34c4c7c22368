// Calendar arithmetic on wall-clock milliseconds (a wall time read as if it were UTC): starts of periods and steps between them.
// Knows no zone; relative.ts turns wall times into moments.
import type { Period } from './bound.ts';

export const secondMs = 1000;
const minuteMs = 60_000;
const hourMs = 3_600_000;
export const dayMs = 86_400_000;

/** Monday is 1, Sunday 7. */
export const dayOfWeek = (wall: number): number => new Date(wall).getUTCDay() || 7;

const startOfMonth = (wall: number, monthsBack: number): number => {
  const date = new Date(wall);
  return Date.UTC(date.getUTCFullYear(), date.getUTCMonth() - monthsBack, 1);
};

/** The first millisecond of the period in which `wall` lies. Weeks start on Monday. */
export const startOf = (period: Period, wall: number): number => {
  const day = Math.floor(wall / dayMs) * dayMs;
  switch (period) {
    case 'minute':
      return Math.floor(wall / minuteMs) * minuteMs;
    case 'hour':
      return Math.floor(wall / hourMs) * hourMs;
    case 'day':
      return day;
    case 'week':
      return day - (dayOfWeek(wall) - 1) * dayMs;
    case 'month':
      return startOfMonth(wall, 0);
    case 'quarter':
      return startOfMonth(wall, new Date(wall).getUTCMonth() % 3);
    case 'year':
      return Date.UTC(new Date(wall).getUTCFullYear(), 0, 1);
  }
};

const addMonths = (wall: number, months: number): number => {
  const date = new Date(wall);
  const first = Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + months, 1);
  const next = new Date(first);
  const lastDay = new Date(Date.UTC(next.getUTCFullYear(), next.getUTCMonth() + 1, 0)).getUTCDate();
  return first + (Math.min(date.getUTCDate(), lastDay) - 1) * dayMs + (wall - Math.floor(wall / dayMs) * dayMs);
};

/** `count` periods later; the 31st becomes the last day of a shorter month. */
export const addPeriods = (period: Period, wall: number, count: number): number => {
  switch (period) {
    case 'minute':
      return wall + count * minuteMs;
    case 'hour':
      return wall + count * hourMs;
    case 'day':
      return wall + count * dayMs;
    case 'week':
      return wall + count * 7 * dayMs;
    case 'month':
      return addMonths(wall, count);
    case 'quarter':
      return addMonths(wall, count * 3);
    case 'year':
      return addMonths(wall, count * 12);
  }
};

/** The last second of the period in which `wall` lies. */
export const endOf = (period: Period, wall: number): number => addPeriods(period, startOf(period, wall), 1) - secondMs;

/** Units as the wire writes them: `day`, `dayofweek`, `hours`. */
export const periodOf = (unit: string): Period | undefined => periods.get(unit.trim().toLowerCase().replace(/s$/, ''));

const periods: ReadonlyMap<string, Period> = new Map([
  ['minute', 'minute'],
  ['hour', 'hour'],
  ['day', 'day'],
  ['dayofweek', 'day'],
  ['week', 'week'],
  ['month', 'month'],
  ['quarter', 'quarter'],
  ['year', 'year'],
]);
