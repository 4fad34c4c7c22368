// Moments between UTC, in which they are stored, and the wall clock of a user's zone. Must not read the system's zone.

interface Zone {
  readonly format: Intl.DateTimeFormat;
  /** Quarter hour → milliseconds east of UTC. */
  readonly offsets: Map<number, number>;
}

// Building a formatter costs about 50 µs, asking one 3, reading what it said before a tenth: both are kept, and an unknown zone counts
// as UTC. This is a pure memo of bounded size, so it is the one piece of state that may live at module level.
const zones = new Map<string, Zone | undefined>();
const zoneLimit = 500;
const offsetLimit = 5000;

const makeFormat = (timeZone: string): Intl.DateTimeFormat | undefined => {
  try {
    return new Intl.DateTimeFormat('en-CA', {
      timeZone,
      hourCycle: 'h23',
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      hour: '2-digit',
      minute: '2-digit',
      second: '2-digit',
    });
  } catch {
    return undefined;
  }
};

const zoneOf = (timeZone: string): Zone | undefined => {
  if (timeZone === 'UTC' || timeZone === '') return undefined;
  if (zones.has(timeZone)) return zones.get(timeZone);
  const format = makeFormat(timeZone);
  if (zones.size >= zoneLimit) zones.clear();
  const zone = format && { format, offsets: new Map<number, number>() };
  zones.set(timeZone, zone);
  return zone;
};

const askedOffset = (atMs: number, format: Intl.DateTimeFormat): number => {
  const wholeMs = Math.floor(atMs / 1000) * 1000;
  const part: Record<string, number> = {};
  for (const { type, value } of format.formatToParts(wholeMs)) part[type] = Number(value);
  return Date.UTC(part.year ?? 0, (part.month ?? 1) - 1, part.day, part.hour, part.minute, part.second) - wholeMs;
};

const quarterMs = 900_000;
// Until then some clocks changed at odd seconds; since, all have changed on a quarter hour.
const regularSinceMs = Date.UTC(1980, 0, 1);

const offsetAt = (atMs: number, { format, offsets }: Zone): number => {
  if (!(atMs >= regularSinceMs)) return askedOffset(atMs, format);
  const quarter = Math.floor(atMs / quarterMs);
  const known = offsets.get(quarter);
  if (known !== undefined) return known;
  const offset = askedOffset(quarter * quarterMs, format);
  if (offsets.size >= offsetLimit) offsets.clear();
  offsets.set(quarter, offset);
  return offset;
};

/** What the wall clock in `timeZone` shows at `atMs`, as if it were UTC milliseconds. */
export const toWall = (atMs: number, timeZone: string): number => {
  const zone = zoneOf(timeZone);
  return zone ? atMs + offsetAt(atMs, zone) : atMs;
};

const dayMs = 86_400_000;

/**
 * The moment at which the wall clock in `timeZone` shows `wall`. In the hour that a change of clocks skips: the moment as far behind
 * the change; in the hour that comes twice: the first of the two.
 */
export const fromWall = (wall: number, timeZone: string): number => {
  const zone = zoneOf(timeZone);
  if (!zone) return wall;
  // Clocks change less than once a day, so the right offset is the one of a day before or of a day after.
  const before = offsetAt(wall - dayMs, zone);
  const after = offsetAt(wall + dayMs, zone);
  const moments = [wall - Math.max(before, after), wall - Math.min(before, after)];
  return moments.find((ms) => ms + offsetAt(ms, zone) === wall) ?? wall - before;
};
