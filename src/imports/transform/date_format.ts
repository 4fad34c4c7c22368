// Dates as a file writes them, by a pattern such as `dd/MM/yyyy HH:mm`. Pure; what does not fit the pattern is no date.

const months = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];

const shapes: Readonly<Record<string, string>> = {
  yyyy: '(\\d{4})',
  yy: '(\\d{2})',
  MMM: '([A-Za-z]{3})',
  MM: '(\\d{1,2})',
  M: '(\\d{1,2})',
  dd: '(\\d{1,2})',
  d: '(\\d{1,2})',
  HH: '(\\d{1,2})',
  H: '(\\d{1,2})',
  hh: '(\\d{1,2})',
  h: '(\\d{1,2})',
  mm: '(\\d{2})',
  ss: '(\\d{2})',
  SSS: '(\\d{1,3})',
  a: '([AaPp][Mm])',
  X: '(Z|[+-]\\d{2}:?\\d{2})',
  Z: '(Z|[+-]\\d{2}:?\\d{2})',
};

const tokenPattern = /yyyy|yy|MMM|MM|M|dd|d|HH|H|hh|h|mm|ss|SSS|a|X|Z|'[^']*'|./gs;

const offsetMinutes = (zone: string | undefined): number => {
  const [, sign, hours, minutes] = /^([+-])(\d{2}):?(\d{2})$/.exec(zone ?? '') ?? [];
  return sign ? (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes)) : 0;
};

const yearOf = (parts: ReadonlyMap<string, string>): number => {
  const short = parts.get('yy');
  if (short === undefined) return Number(parts.get('yyyy') ?? Number.NaN);
  // As Java reads two digits around the turn of the century.
  return Number(short) + (Number(short) < 50 ? 2000 : 1900);
};

const hourOf = (parts: ReadonlyMap<string, string>): number => {
  const hour = Number(parts.get('HH') ?? parts.get('H') ?? parts.get('hh') ?? parts.get('h') ?? 0);
  const half = parts.get('a')?.toLowerCase();
  return half === undefined ? hour : (hour % 12) + (half === 'pm' ? 12 : 0);
};

/** UTC milliseconds; undefined when the text does not fit the pattern or is no real date. */
export type ReadDate = (text: string) => number | undefined;

export const makeReadDate = (pattern: string): ReadDate => {
  const names: string[] = [];
  let source = '';
  for (const [token] of pattern.matchAll(tokenPattern)) {
    const shape = Object.hasOwn(shapes, token) ? shapes[token] : undefined;
    if (shape) names.push(token);
    source += shape ?? RegExp.escape(token.length > 2 && token.startsWith("'") ? token.slice(1, -1) : token);
  }
  // What is written twice could be split between the two in more ways than there is time to try.
  if (new Set(names).size < names.length) return () => undefined;
  const whole = new RegExp(`^\\s*${source}\\s*$`);
  return (text) => {
    const found = whole.exec(text);
    if (!found) return undefined;
    const parts = new Map(names.map((name, at) => [name, found[at + 1] ?? '']));
    const named = parts.get('MMM');
    const month = named === undefined ? Number(parts.get('MM') ?? parts.get('M') ?? 1) : months.indexOf(named.toLowerCase()) + 1;
    const day = Number(parts.get('dd') ?? parts.get('d') ?? 1);
    const [year, hour] = [yearOf(parts), hourOf(parts)];
    const [minute, second] = [Number(parts.get('mm') ?? 0), Number(parts.get('ss') ?? 0)];
    const atMs = Date.UTC(year, month - 1, day, hour, minute, second);
    const made = new Date(atMs);
    const isReal =
      year >= 1000 && made.getUTCMonth() === month - 1 && made.getUTCDate() === day && hour < 24 && minute < 60 && second < 60;
    return isReal ? atMs - offsetMinutes(parts.get('X') ?? parts.get('Z')) * 60_000 : undefined;
  };
};
