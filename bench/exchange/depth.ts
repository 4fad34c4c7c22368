// Whether a long queue costs more than a short one: a wire that answers at once, so that claiming and settling are what is left.
// Each queue has a process that has seen nothing but its work; they take turns.
import { median } from '../compare.ts';
import type { Bench, EngineName, Row } from '../part.ts';
import { type End, type Rate, startEnd } from './end.ts';

const usual = 10_000;
/** Of one round: more than the worker claims at a time, which is what a round may take too many. */
const step = 1_500;
const rounds = 5;
const isShort = (count: number): boolean => count < (rounds + 1) * step;
const lanesFor = (count: number): number => Math.ceil(count / 4);

/** A process on a queue of so many rows, which another one has written; a short one it fills itself, again and again. */
const openQueue = async (bench: Bench, engine: EngineName, count: number): Promise<End> => {
  const place = await bench.newPlace(engine);
  if (isShort(count)) return startEnd(place, '');
  const writer = await startEnd(place, '');
  try {
    await writer.ask('/fill', { count, lanes: lanesFor(count) });
  } finally {
    await writer.stop();
  }
  return startEnd(place, '');
};

export async function* depth(bench: Bench, engine: EngineName): AsyncGenerator<Row> {
  const most = bench.isQuick ? 100_000 : 1_000_000;
  const queues: { count: number; end: End; rates: number[] }[] = [];
  try {
    for (const count of [1_000, usual, 100_000, most].filter((each, n, all) => all.indexOf(each) === n)) {
      queues.push({ count, end: await openQueue(bench, engine, count), rates: [] });
    }
    for (let round = 0; round < rounds; round += 1) {
      for (const { count, end, rates } of queues) {
        if (isShort(count)) await end.ask('/fill', { count, lanes: lanesFor(count) });
        const { perSecond } = await end.ask<Rate>('/drain', isShort(count) ? {} : { upTo: (round + 1) * step });
        if (round > 0) rates.push(perSecond);
      }
    }
    const found = new Map(queues.map(({ count, end, rates }) => [count, { rates, memoryMiB: end.memoryMiB() ?? 0 }]));
    const [few, many] = [found.get(usual), found.get(most)];
    if (!few || !many) return;
    const detail = Object.fromEntries(
      [...found].flatMap(([count, { rates, memoryMiB }]) => [
        [`perSecond${count}`, median(rates)],
        [`MiB${count}`, memoryMiB],
      ]),
    );
    yield {
      id: 'exchange_depth_rate',
      title: `claim rate, ${most / 1000} thousand waiting / 10 thousand`,
      engine,
      value: median(many.rates.map((rate, at) => rate / (few.rates[at] ?? Number.NaN))),
      floor: 0.7,
      target: 0.85,
      reach: 0.94,
      detail,
    };
    yield {
      id: 'exchange_depth_memory',
      title: `memory, ${most / 1000} thousand waiting / 10 thousand`,
      engine,
      value: many.memoryMiB / few.memoryMiB,
      floor: 1.5,
      target: 1.3,
      reach: 1.2,
      isLessBetter: true,
      detail,
    };
  } finally {
    for (const { end } of queues) await end.stop();
  }
}
