// How one user writes days and times of day: the patterns in his record, as functions. Sorting, storing and queries never see them.
// It must not know zones: what comes in is on the wall clock already.

export interface MomentFormats {
  /** The two patterns: what was prepared for one user is as good for another with the same. */
  readonly key: string;
  /** `YYYY-MM-DD HH:MM:SS` → as the user writes it. */
  moment(wall: string): string;
  /** `YYYY-MM-DD` → as the user writes it. */
  day(day: string): string;
  /** `HH:MM:SS` → as the user writes it. */
  time(time: string): string;
  /** What the user wrote → `YYYY-MM-DD[ HH:MM:SS]`; undefined where it is not written in his way. */
  read(written: string): string | undefined;
}

type Numbers = Map<string, number>;

interface Piece {
  /** A part of the expression that reads the piece. */
  readonly source: string;
  readonly part?: string;
  show(numbers: Numbers): string;
  /** What its text says about a moment. */
  read?(text: string): number;
}

const usual = { date: 'yyyy-MM-dd', time: 'HH:mm:ss' } as const;

/** Of what a person writes as a moment. */
const longest = 80;

const twelfth = (hour: number): number => hour % 12 || 12;

const number = (part: string, width: number, from: (value: number) => number = (value) => value): Piece => ({
  part,
  source: width > 1 ? `(\\d{${width}})` : '(\\d{1,2})',
  show: (numbers) => String(from(numbers.get(part) ?? 0)).padStart(width, '0'),
  read: Number,
});

const pieces: ReadonlyMap<string, Piece> = new Map<string, Piece>([
  ['yyyy', number('year', 4)],
  ['yy', { ...number('year', 2, (year) => year % 100), read: (text) => 2000 + Number(text) }],
  ['MM', number('month', 2)],
  ['M', number('month', 1)],
  ['dd', number('day', 2)],
  ['d', number('day', 1)],
  ['HH', number('hour', 2)],
  ['H', number('hour', 1)],
  ['hh', { ...number('hour', 2, twelfth), part: 'twelfth' }],
  ['h', { ...number('hour', 1, twelfth), part: 'twelfth' }],
  ['mm', number('minute', 2)],
  ['ss', number('second', 2)],
  [
    'a',
    {
      part: 'half',
      source: '(am|pm)',
      show: (numbers) => ((numbers.get('hour') ?? 0) < 12 ? 'AM' : 'PM'),
      read: (text) => (text.toLowerCase() === 'pm' ? 12 : 0),
    },
  ],
]);

const literal = (text: string): Piece => ({ source: text.replace(/[^\w\s]/g, '\\$&'), show: () => text });

/** undefined for a pattern that lacks something, repeats it or has another letter: better the usual form than half of another. */
const readPattern = (pattern: string, needed: readonly string[]): Piece[] | undefined => {
  const found: Piece[] = [];
  for (const [word] of pattern.matchAll(/([A-Za-z])\1*|[^A-Za-z]+/g)) {
    const piece = /[A-Za-z]/.test(word) ? pieces.get(word) : literal(word);
    if (!piece || (piece.part !== undefined && found.some(({ part }) => part === piece.part))) return undefined;
    found.push(piece);
  }
  const parts = new Set(found.map(({ part }) => (part === 'twelfth' ? 'hour' : part)));
  return needed.every((part) => parts.has(part)) ? found : undefined;
};

const numbersOf = (wire: string): Numbers | undefined => {
  const read = /^(?:(\d{4})-(\d\d)-(\d\d))? ?(?:(\d\d):(\d\d):(\d\d))?$/.exec(wire);
  if (!read) return undefined;
  const [, year, month, day, hour, minute, second] = read;
  return new Map(Object.entries({ year, month, day, hour, minute, second }).map(([part, digits]) => [part, Number(digits ?? 0)]));
};

const two = (value: number | undefined): string => String(value ?? 0).padStart(2, '0');

const reader = (parts: readonly Piece[]): ((text: string) => Numbers | undefined) => {
  const expression = new RegExp(`^${parts.map(({ source }) => source).join('')}$`, 'i');
  const named = parts.filter(({ part }) => part !== undefined);
  return (text) => {
    const groups = expression.exec(text)?.slice(1);
    return groups && new Map(groups.map((group, at) => [named[at]?.part ?? '', named[at]?.read?.(group) ?? 0]));
  };
};

const wireOf = (numbers: Numbers, hasTime: boolean): string => {
  const day = `${String(numbers.get('year')).padStart(4, '0')}-${two(numbers.get('month'))}-${two(numbers.get('day'))}`;
  const early = numbers.get('twelfth');
  const hour = early === undefined ? numbers.get('hour') : (early % 12) + (numbers.get('half') ?? 0);
  return hasTime ? `${day} ${two(hour)}:${two(numbers.get('minute'))}:${two(numbers.get('second'))}` : day;
};

/** undefined where both are as everything is written anyway, so that the commonest user costs nothing. */
export const makeMomentFormats = (datePattern: string, timePattern: string): MomentFormats | undefined => {
  const [dateText, timeText] = [datePattern.trim() || usual.date, timePattern.trim() || usual.time];
  const asked = { date: readPattern(dateText, ['year', 'month', 'day']), time: readPattern(timeText, ['hour', 'minute']) };
  const date = asked.date ?? readPattern(usual.date, []) ?? [];
  const time = asked.time ?? readPattern(usual.time, []) ?? [];
  const key = `${asked.date ? dateText : usual.date} ${asked.time ? timeText : usual.time}`;
  if (key === `${usual.date} ${usual.time}`) return undefined;
  const whole = [...date, literal(' '), ...time];
  const shower = (parts: readonly Piece[]) => (wire: string) => {
    const numbers = numbersOf(wire);
    return numbers ? parts.map((part) => part.show(numbers)).join('') : wire;
  };
  const [readWhole, readDay] = [reader(whole), reader(date)];
  return {
    key,
    moment: shower(whole),
    day: shower(date),
    time: shower(time),
    read(written) {
      const text = written.trim();
      if (text.length > longest) return undefined;
      const moment = readWhole(text);
      if (moment) return wireOf(moment, true);
      const day = readDay(text);
      return day && wireOf(day, false);
    },
  };
};
