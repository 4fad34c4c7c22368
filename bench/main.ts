// npm run bench: starts what it needs, measures in turns, prints a table of ratios, writes bench/results/<part>.json and a picture beside
// each. It asserts no time: a slow machine is no mistake. A part that fails costs no other part its results.
import { fileURLToPath } from 'node:url';
import { openBench } from './bench.ts';
import { readOptions } from './options.ts';
import type { Bench, EngineName, Part, Row } from './part.ts';
import { type Took, tableOf, timesOf } from './report.ts';
import { writeResults } from './results.ts';

const options = readOptions(process.argv.slice(2));
if ('text' in options) {
  (options.isMistake ? process.stderr : process.stdout).write(options.text);
  process.exit(options.isMistake ? 2 : 0);
}

const folder = fileURLToPath(new URL(`./results/${options.folder}`, import.meta.url));
const say = (line: string): void => void process.stderr.write(`· ${line}\n`);
const bench = await openBench({ isQuick: options.isQuick, largest: options.largest, resultsFolder: folder, say });
// Ctrl-C leaves neither a server nor a folder behind.
for (const signal of ['SIGINT', 'SIGTERM'] as const)
  process.once(signal, () => void bench.close().finally(() => process.exit(130)));

const rowLimitMs = 45 * 60_000;

/** Rejects when a part finds nothing for so long that it will never. */
const within = async <T>(work: Promise<T>): Promise<T> => {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('it came to no result for three quarters of an hour')), rowLimitMs);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
};

const measure = async (part: Part, engine: EngineName, on: Bench): Promise<{ rows: Row[]; took: Took }> => {
  const startedAt = performance.now();
  const rows: Row[] = [];
  const took: Took = { part: part.name, engine, seconds: 0 };
  const found = part.run(on, engine)[Symbol.asyncIterator]();
  try {
    for (;;) {
      const { value, done } = await within(found.next());
      if (done) break;
      rows.push(value);
      say(`${engine}: ${value.title}: ${value.value.toPrecision(3)}`);
    }
  } catch (error) {
    took.failed = error instanceof Error ? error.message : String(error);
    process.stderr.write(`✖ ${part.name} on ${engine}: ${took.failed}\n`);
    process.exitCode = 1;
  }
  took.seconds = (performance.now() - startedAt) / 1000;
  return { rows, took };
};

const all: Row[] = [];
const times: Took[] = [];
try {
  for (const part of options.parts)
    for (const engine of options.engines) {
      const { rows, took } = await measure(part, engine, bench);
      all.push(...rows);
      times.push(took);
      if (rows.length === 0) continue;
      const { seconds, failed } = took;
      const run = { engine, rows, seconds, isQuick: options.isQuick, ...(failed === undefined ? {} : { failed }) };
      say(await writeResults(folder, part, run));
    }
} finally {
  await bench.close();
}
process.stdout.write(`\n${tableOf(all)}\n\n${timesOf(times)}\n\n${folder}\n`);
// Whatever a part that was given up still waits for must not keep the run alive.
process.exit();
