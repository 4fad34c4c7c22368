// What the whitelisted `gs.` calls stand for, on the wall clock of the caller's zone. A name that is not here means nothing.
import { fromWall, toWall } from '../zoned.ts';
import type { Period } from './bound.ts';
import type { Call } from './call.ts';
import { addPeriods, endOf, periodOf, startOf } from './moments.ts';

export interface Now {
  readonly atMs: number;
  readonly timeZone: string;
}

const ago = /^(minutes|hours|days|weeks|months|quarters|years)Ago(Start|End)?$/;
const edge = /^(beginning|end)Of(This|Current|Last|Next|Two)?(\d{1,3}|Two)?(Minute|Hour|Day|Week|Month|Quarter|Year)s?$/;
const namedDays: ReadonlyMap<string, number> = new Map([
  ['Today', 0],
  ['Yesterday', -1],
  ['Tomorrow', 1],
]);

const agoWall = (period: Period, part: string | undefined, count: number, wall: number): number => {
  const then = addPeriods(period, wall, -count);
  if (part === undefined) return then;
  return part === 'Start' ? startOf(period, then) : endOf(period, then);
};

// `Last month` is the calendar month before this one; `Last 6 months` starts six months back and ends with the present month.
const edgeWall = (isBeginning: boolean, direction: string, count: number | undefined, period: Period, wall: number): number => {
  const sign = direction === 'Last' ? -1 : direction === 'Next' ? 1 : 0;
  const reachesNow = count !== undefined && sign < 0 !== isBeginning;
  const steps = sign === 0 || reachesNow ? 0 : sign * (count ?? 1);
  const there = addPeriods(period, startOf(period, wall), steps);
  return isBeginning ? there : endOf(period, there);
};

const generated = (date: string, time: string | undefined): number | undefined => {
  const day = /^\d{4}-\d{2}-\d{2}$/.test(date) ? date : undefined;
  const clock = time === 'start' ? '00:00:00' : time === 'end' ? '23:59:59' : time;
  const text = day !== undefined ? `${day} ${clock ?? '00:00:00'}` : time === undefined ? date : '';
  if (!/^\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}$/.test(text)) return undefined;
  const wall = Date.parse(`${text.replace(' ', 'T')}Z`);
  return Number.isNaN(wall) ? undefined : wall;
};

const wallOf = ({ name, arguments: given }: Call, wall: number): number | undefined => {
  if (name === 'nowDateTime' || name === 'nowNoTZ') return wall;
  if (name === 'now') return startOf('day', wall);
  if (name === 'dateGenerate') return given[0] === undefined ? undefined : generated(given[0], given[1]);
  const [, units, part] = ago.exec(name) ?? [];
  if (units !== undefined) {
    const period = periodOf(units);
    const count = Number(given[0] ?? '');
    return period && given[0] !== undefined && Number.isInteger(count) && Math.abs(count) <= 1_000_000
      ? agoWall(period, part, count, wall)
      : undefined;
  }
  const [, day] = /^(?:beginning|end)Of(Today|Yesterday|Tomorrow)$/.exec(name) ?? [];
  if (day !== undefined) {
    const there = addPeriods('day', wall, namedDays.get(day) ?? 0);
    return name.startsWith('beginning') ? startOf('day', there) : endOf('day', there);
  }
  const [, side, direction = 'This', counted, unit = ''] = edge.exec(name) ?? [];
  const period = periodOf(unit);
  if (side === undefined || !period) return undefined;
  return edgeWall(
    side === 'beginning',
    direction,
    counted === undefined ? undefined : counted === 'Two' ? 2 : Number(counted),
    period,
    wall,
  );
};

const firstMs = Date.UTC(1000, 0, 1);
const endMs = Date.UTC(10_000, 0, 1);

/** The moment that a call names, in milliseconds; undefined when it names none. */
export const momentOfCall = (call: Call, now: Now): number | undefined => {
  const wall = wallOf(call, toWall(now.atMs, now.timeZone));
  // NaN, and years in which no record can lie.
  if (wall === undefined || !(wall >= firstMs && wall < endMs)) return undefined;
  return fromWall(wall, now.timeZone);
};
