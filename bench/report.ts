// Rows as a table for people. It must not judge by exit code: a bench asserts no time.
import type { Row } from './part.ts';

/** How a value stands against what was promised. */
export const standing = ({ value, floor, target, isLessBetter }: Row): 'target' | 'floor' | 'below' | '' => {
  if (floor === undefined) return '';
  const reaches = (mark: number): boolean => (isLessBetter ? value <= mark : value >= mark);
  if (target !== undefined && reaches(target)) return 'target';
  return reaches(floor) ? 'floor' : 'below';
};

export const figure = (value: number | undefined): string => {
  if (value === undefined) return '';
  return value >= 100
    ? String(Math.round(value))
    : value
        .toPrecision(3)
        .replace(/(\.\d*?)0+$/, '$1')
        .replace(/\.$/, '');
};

const written = (lines: readonly (readonly string[])[]): string => {
  const [head = [], ...body] = lines;
  const widths = head.map((_, at) => Math.max(...lines.map((line) => line[at]?.length ?? 0)));
  const line = (cells: readonly string[]) => `| ${cells.map((cell, at) => cell.padEnd(widths[at] ?? 0)).join(' | ')} |`;
  const rule = `|${widths.map((width) => '-'.repeat(width + 2)).join('|')}|`;
  return [line(head), rule, ...body.map(line)].join('\n');
};

export const tableOf = (rows: readonly Row[]): string =>
  written([
    ['work', 'engine', 'measured', 'floor', 'target', 'reach', 'holds', 'per second', 'µs processor'],
    ...rows.map((row) => [
      row.title,
      row.engine ?? '',
      figure(row.value),
      figure(row.floor),
      figure(row.target),
      figure(row.reach),
      standing(row),
      figure(row.detail.perSecond),
      figure(row.detail.cpuMicros),
    ]),
  ]);

export interface Took {
  part: string;
  engine: string;
  seconds: number;
  failed?: string;
}

/** What ran, how long each took, and what did not come to its end. */
export const timesOf = (took: readonly Took[]): string =>
  written([
    ['part', 'engine', 'took', ''],
    ...took.map(({ part, engine, seconds, failed }) => [
      part,
      engine,
      `${Math.floor(seconds / 60)} min ${String(Math.round(seconds % 60)).padStart(2, '0')} s`,
      failed === undefined ? '' : `failed: ${failed.split('\n')[0]?.slice(0, 120)}`,
    ]),
  ]);
