// Rows that the engine makes of numbers by itself: what takes a minute through parameters takes seconds.
// Every value follows from the number of the row, so that two runs measure the same rows.
import type { EngineName } from '../part.ts';

/** How each engine writes a value that follows from `n`. */
export interface Words {
  /** Lower case, filled up with zeros. */
  hex(number: string, digits: number): string;
  /** YYYY-MM-DD hh:mm:ss of seconds since 1970. */
  moment(seconds: string): string;
  /** The n-th of a few, over and over. */
  pick(choices: readonly string[]): string;
}

const pick: Words['pick'] = (choices) =>
  `CASE n % ${choices.length} ${choices.map((choice, at) => `WHEN ${at} THEN '${choice}'`).join(' ')} END`;

const words: Readonly<Record<EngineName, Words>> = {
  sqlite: {
    hex: (number, digits) => `printf('%0${digits}x', ${number})`,
    moment: (seconds) => `datetime(${seconds}, 'unixepoch')`,
    pick,
  },
  postgres: {
    hex: (number, digits) => `lpad(to_hex((${number})::bigint), ${digits}, '0')`,
    moment: (seconds) => `to_char(to_timestamp(${seconds}) AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS')`,
    pick,
  },
};

/** Columns and their values as SQL over `n`. */
export type Columns = (words: Words) => Readonly<Record<string, string>>;

/** A statement that writes the rows numbered `from` to `to` (without). */
export const insertOfRows = (engine: EngineName, table: string, columns: Columns, from: number, to: number): string => {
  const own = columns(words[engine]);
  const numbers =
    engine === 'sqlite'
      ? `(WITH RECURSIVE numbers(n) AS (VALUES (${from}) UNION ALL SELECT n + 1 FROM numbers WHERE n < ${to - 1}) SELECT n FROM numbers)`
      : `generate_series(${from}::bigint, ${to - 1}) AS numbers(n)`;
  const names = Object.keys(own).map((name) => `"${name}"`);
  return `INSERT INTO "${table}" (${names.join(', ')}) SELECT ${Object.values(own).join(', ')} FROM ${numbers}`;
};
