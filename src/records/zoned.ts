// Moments between UTC, in which they are stored, and the wall clock of a user's zone. Must not read the system's zone.

const formats = new Map<string, Intl.DateTimeFormat>();

// Building a formatter costs about 50 µs, using one less than 1: they are kept, and an unknown zone counts as UTC. The map is a pure
// memo bounded by the number of zones there are, so it is the one piece of state that may live at module level.
const formatOf = (timeZone: string): Intl.DateTimeFormat | undefined => {
  if (timeZone === 'UTC' || timeZone === '') return undefined;
  const known = formats.get(timeZone);
  if (known) return known;
  try {
    const made = new Intl.DateTimeFormat('en-CA', {
      timeZone,
      hourCycle: 'h23',
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      hour: '2-digit',
      minute: '2-digit',
      second: '2-digit',
    });
    formats.set(timeZone, made);
    return made;
  } catch {
    return undefined;
  }
};

const wallMs = (atMs: number, format: Intl.DateTimeFormat): number => {
  const part: Record<string, number> = {};
  for (const { type, value } of format.formatToParts(atMs)) part[type] = Number(value);
  return Date.UTC(part.year ?? 0, (part.month ?? 1) - 1, part.day, part.hour, part.minute, part.second);
};

/** What the wall clock in `timeZone` shows at `atMs`, as if it were UTC milliseconds. */
export const toWall = (atMs: number, timeZone: string): number => {
  const format = formatOf(timeZone);
  return format ? wallMs(atMs, format) : atMs;
};

const dayMs = 86_400_000;

/**
 * The moment at which the wall clock in `timeZone` shows `wall`. In the hour that a change of clocks skips: the moment as far behind
 * the change; in the hour that comes twice: the first of the two.
 */
export const fromWall = (wall: number, timeZone: string): number => {
  const format = formatOf(timeZone);
  if (!format) return wall;
  // Clocks change less than once a day, so the right offset is the one of a day before or of a day after.
  const offsets = [wall - dayMs, wall + dayMs].map((ms) => wallMs(ms, format) - ms) as [number, number];
  const moments = [wall - Math.max(...offsets), wall - Math.min(...offsets)];
  return moments.find((ms) => wallMs(ms, format) === wall) ?? wall - offsets[0];
};
