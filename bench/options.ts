// What may be said to the bench, and the help that says so.
import { parseArgs } from 'node:util';
import type { EngineName, Part } from './part.ts';
import { parts } from './parts/index.ts';

export interface Options {
  parts: readonly Part[];
  engines: readonly EngineName[];
  isQuick: boolean;
  /** Rows of the largest table of the growth series; undefined: as usual. */
  largest: number | undefined;
  /** Below bench/results. */
  folder: string;
}

const engines: readonly EngineName[] = ['sqlite', 'postgres'];
const widest = Math.max(...parts.map(({ name }) => name.length));

const help = (): string => `npm run bench [-- options]

  Without options: every part that is not on demand, on both engines.

  --only PART      this part; may be said more than once
  --engine ENGINE  sqlite or postgres
  --quick          shorter slices and smaller tables, for a first look; written to bench/results/quick
  --all            the parts on demand too: hours of quiet are well spent on it
  --peers          the part "peers": downloads Directus (see docs/performance.md) and compares
  --growth         the part "growth"
  --largest ROWS   of the growth series: up to 5000000; 1000000 unless told, 100000 with --quick
  --out FOLDER     below bench/results, to keep a run apart
  --help           this

Parts:
${parts.map(({ name, about, isOnDemand }) => `  ${name.padEnd(widest)}  ${about}${isOnDemand ? ' (on demand)' : ''}`).join('\n')}

Each part writes bench/results/<part>.json and <part>.svg, and keeps what was measured earlier on an engine that is left out.
`;

type Asked = Options | { text: string; isMistake: boolean };

const parse = (args: readonly string[]) =>
  parseArgs({
    args: [...args],
    options: {
      quick: { type: 'boolean', default: false },
      only: { type: 'string', multiple: true, default: [] },
      engine: { type: 'string', multiple: true, default: [] },
      out: { type: 'string', default: '' },
      all: { type: 'boolean', default: false },
      peers: { type: 'boolean', default: false },
      growth: { type: 'boolean', default: false },
      largest: { type: 'string', default: '' },
      help: { type: 'boolean', short: 'h', default: false },
    },
  }).values;

const mistake = (sentence: string): Asked => ({ text: `${sentence}\n\n${help()}`, isMistake: true });

export const readOptions = (args: readonly string[]): Asked => {
  let said: ReturnType<typeof parse>;
  try {
    said = parse(args);
  } catch (error) {
    return mistake(error instanceof Error ? error.message : String(error));
  }
  if (said.help) return { text: help(), isMistake: false };
  const named = [...said.only, ...(said.peers ? ['peers'] : []), ...(said.growth ? ['growth'] : [])];
  const unknown = [
    ...named.filter((name) => !parts.some((part) => part.name === name)),
    ...said.engine.filter((name) => !engines.some((engine) => engine === name)),
  ];
  if (unknown.length > 0) return mistake(`There is no ${unknown.join(', ')}.`);
  const largest = said.largest === '' ? undefined : Number(said.largest);
  if (largest !== undefined && !(largest >= 10_000)) return mistake('--largest wants a number of rows, 10000 at least.');
  if (!/^[\w.-]*$/.test(said.out) || said.out.startsWith('.')) return mistake('--out wants the name of a folder.');
  const isChosen = ({ name, isOnDemand }: Part): boolean => {
    if (said.all) return true;
    return named.length > 0 ? named.includes(name) : !isOnDemand;
  };
  return {
    parts: parts.filter(isChosen),
    engines: said.engine.length > 0 ? engines.filter((name) => said.engine.includes(name)) : engines,
    isQuick: said.quick,
    largest,
    folder: said.out || (said.quick ? 'quick' : ''),
  };
};
