// npm run bench: starts what it needs, measures in turns, prints a table of ratios, writes bench/results/*.json and a picture.
//   npm run bench                        everything but what is on demand: some ten minutes
//   npm run bench -- --quick             shorter slices: for a first look
//   npm run bench -- --only requests     parts by name
//   npm run bench -- --engine sqlite     one engine where there are two
//   npm run bench -- --growth            tables of 10 thousand to 1 million rows; --largest 5000000 for more
//   npm run bench -- --only profile      where the time goes on the hot paths
// It asserts no time: a slow machine is no mistake.
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { openBench } from './bench.ts';
import type { Row } from './part.ts';
import { parts } from './parts/index.ts';
import { pictureOf, writePicture } from './picture.ts';
import { tableOf, writeResults } from './report.ts';

const { values: flags } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    only: { type: 'string', multiple: true, default: [] },
    engine: { type: 'string', multiple: true, default: [] },
    out: { type: 'string', default: 'latest' },
    growth: { type: 'boolean', default: false },
    largest: { type: 'string', default: '' },
  },
});

const wanted = flags.only.length > 0 ? flags.only : parts.filter((part) => !part.isOnDemand).map((part) => part.name);
if (flags.growth) wanted.push('growth');
const chosen = parts.filter((part) => wanted.includes(part.name));
const unknown = wanted.filter((name) => !parts.some((part) => part.name === name));
if (unknown.length > 0) {
  process.stderr.write(`no such part: ${unknown.join(', ')}. There are: ${parts.map((part) => part.name).join(', ')}\n`);
  process.exit(1);
}

const bench = await openBench({
  isQuick: flags.quick,
  engines: flags.engine,
  largest: Number(flags.largest) || undefined,
  say: (line) => void process.stderr.write(`· ${line}\n`),
});
// Ctrl-C leaves neither a server nor a folder behind.
for (const signal of ['SIGINT', 'SIGTERM'] as const)
  process.once(signal, () => void bench.close().finally(() => process.exit(130)));

const rows: Row[] = [];
try {
  for (const part of chosen) {
    try {
      rows.push(...(await part.run(bench)));
    } catch (error) {
      // One part that cannot run must not cost the numbers of the others.
      process.stderr.write(`✖ ${part.name}: ${error instanceof Error ? error.message : String(error)}\n`);
      process.exitCode = 1;
    }
  }
} finally {
  await bench.close();
}
const folder = fileURLToPath(new URL('./results', import.meta.url));
process.stdout.write(`\n${tableOf(rows)}\n\n`);
const path = await writeResults(folder, flags.out, rows);
await writePicture(join(folder, `${flags.out}.svg`), pictureOf(rows));
process.stdout.write(`${path}\n`);
