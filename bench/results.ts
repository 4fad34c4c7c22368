// What was measured, as files for those who compare runs: one for each part, in it one run for each engine, and a picture beside it.
// A run replaces the earlier run of its part on its engine and nothing else.
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { availableParallelism, cpus, loadavg } from 'node:os';
import { join } from 'node:path';
import type { EngineName, Row } from './part.ts';
import { pictureOf } from './picture.ts';
import { standing } from './report.ts';

/** What the numbers were taken on: ratios travel, rates do not. */
const machine = () => ({
  node: process.version,
  processor: cpus()[0]?.model ?? '',
  cores: availableParallelism(),
  platform: `${process.platform} ${process.arch}`,
});

export interface Run {
  engine: EngineName;
  rows: readonly Row[];
  seconds: number;
  isQuick: boolean;
  /** Why it did not come to its end; the rows before that hold. */
  failed?: string;
}

interface Results {
  part: string;
  runs: (Run & { at: string })[];
}

const read = async (path: string): Promise<Results | undefined> => {
  try {
    return JSON.parse(await readFile(path, 'utf8')) as Results;
  } catch {
    return undefined;
  }
};

const rowsOf = ({ runs }: Results): Row[] => runs.flatMap(({ rows }) => rows);

/** One picture of every ratio that has a floor, from all parts that were ever measured into this folder. */
const writeOverview = async (folder: string): Promise<void> => {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.json')).sort();
  const all = await Promise.all(names.map((name) => read(join(folder, name))));
  const rows = all.flatMap((results) => (results?.runs ? rowsOf(results) : [])).filter(({ floor }) => floor !== undefined);
  if (rows.length > 0) await writeFile(join(folder, 'overview.svg'), pictureOf('how far each ratio is from its floor', rows));
};

/** The path of what was written. */
export const writeResults = async (folder: string, part: { name: string; about: string }, run: Run): Promise<string> => {
  await mkdir(folder, { recursive: true });
  const path = join(folder, `${part.name}.json`);
  const earlier = ((await read(path))?.runs ?? []).filter(({ engine }) => engine !== run.engine);
  const rows = run.rows.map((row) => ({ ...row, standing: standing(row) }));
  const taken = { ...run, at: new Date().toISOString(), machine: machine(), loadAverage: loadavg()[1], rows };
  const results = { part: part.name, runs: [...earlier, taken].sort((one, other) => (one.engine < other.engine ? 1 : -1)) };
  await writeFile(path, `${JSON.stringify(results, null, 2)}\n`);
  await writeFile(join(folder, `${part.name}.svg`), pictureOf(part.about, rowsOf(results)));
  await writeOverview(folder);
  return path;
};
