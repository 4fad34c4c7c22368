// Rows as a table for people and as JSON for those who compare runs. It must not judge by exit code: a bench asserts no time.
import { mkdir, writeFile } from 'node:fs/promises';
import { availableParallelism, cpus } from 'node:os';
import { join } from 'node:path';
import type { Row } from './part.ts';

/** How a value stands against what was promised. */
export const standing = ({ value, floor, target, isLessBetter }: Row): 'target' | 'floor' | 'below' | '' => {
  if (floor === undefined) return '';
  const reaches = (mark: number): boolean => (isLessBetter ? value <= mark : value >= mark);
  if (target !== undefined && reaches(target)) return 'target';
  return reaches(floor) ? 'floor' : 'below';
};

const figure = (value: number | undefined): string => {
  if (value === undefined) return '';
  return value >= 100
    ? String(Math.round(value))
    : value
        .toPrecision(3)
        .replace(/(\.\d*?)0+$/, '$1')
        .replace(/\.$/, '');
};

export const tableOf = (rows: readonly Row[]): string => {
  const head = ['work', 'engine', 'measured', 'floor', 'target', 'reach', 'holds', 'per second', 'µs processor'];
  const body = rows.map((row) => [
    row.title,
    row.engine ?? '',
    figure(row.value),
    figure(row.floor),
    figure(row.target),
    figure(row.reach),
    standing(row),
    figure(row.detail.perSecond),
    figure(row.detail.cpuMicros),
  ]);
  const lines = [head, ...body];
  const widths = head.map((_, at) => Math.max(...lines.map((line) => line[at]?.length ?? 0)));
  const written = lines.map((line) => `| ${line.map((cell, at) => cell.padEnd(widths[at] ?? 0)).join(' | ')} |`);
  const rule = `|${widths.map((width) => '-'.repeat(width + 2)).join('|')}|`;
  return [written[0], rule, ...written.slice(1)].join('\n');
};

/** What the numbers were taken on: ratios travel, rates do not. */
const machine = () => ({
  node: process.version,
  processor: cpus()[0]?.model ?? '',
  cores: availableParallelism(),
  platform: `${process.platform} ${process.arch}`,
});

/** The path of what was written. */
export const writeResults = async (folder: string, name: string, rows: readonly Row[]): Promise<string> => {
  await mkdir(folder, { recursive: true });
  const path = join(folder, `${name}.json`);
  const results = {
    at: new Date().toISOString(),
    machine: machine(),
    rows: rows.map((row) => ({ ...row, standing: standing(row) })),
  };
  await writeFile(path, `${JSON.stringify(results, null, 2)}\n`);
  return path;
};
