// Messages delivered and applied in a second, as a part of what a bare loop posts of the same bytes, in turns with it.
import { median } from '../compare.ts';
import type { Bench, EngineName, Row } from '../part.ts';
import type { End, Rate } from './end.ts';

/** Of one message on the wire: its envelope and 240 bytes of payload. */
export const messageBytes = 850;

type Promised = Pick<Row, 'id' | 'title' | 'floor' | 'target' | 'reach'>;

interface Shape {
  lanes: number;
  count: number;
  /** In a POST at most. */
  batchRows: number;
  /** Under way at a time. */
  posts: number;
}

const measure = async (bench: Bench, engine: EngineName, sender: End, promised: Promised, shape: Shape): Promise<Row> => {
  const { lanes, count, batchRows, posts } = shape;
  await sender.ask('/set', { 'sn_transport.batch_rows': String(batchRows), 'sn_transport.parallel_posts': String(posts) });
  const rates: [own: number, bare: number][] = [];
  for (let round = 0; round <= (bench.isQuick ? 2 : 5); round += 1) {
    await sender.ask('/fill', { count, lanes });
    const own = (await sender.ask<Rate>('/drain', {})).perSecond;
    const load = { posts: bench.isQuick ? 1500 : 4000, bytes: messageBytes, connections: 16 };
    const bare = (await sender.ask<Rate>('/load', load)).perSecond;
    if (round > 0) rates.push([own, bare]);
  }
  return {
    ...promised,
    engine,
    value: median(rates.map(([own, bare]) => own / bare)),
    detail: { perSecond: median(rates.map(([own]) => own)), barePerSecond: median(rates.map(([, bare]) => bare)) },
  };
};

export async function* throughput(bench: Bench, engine: EngineName, sender: End): AsyncGenerator<Row> {
  const count = bench.isQuick ? 4_000 : 20_000;
  const single = { id: 'exchange_single', title: 'one message a POST, 16 at once', floor: 0.08, target: 0.15, reach: 0.25 };
  yield await measure(bench, engine, sender, single, { lanes: 1000, count: count / 4, batchRows: 1, posts: 16 });
  for (const lanes of [1, 10, 100]) {
    const promise = lanes === 100 ? { floor: 0.3, target: 0.8, reach: 1.5 } : {};
    const batched = { id: `exchange_batched_${lanes}`, title: `batched, ${lanes} lanes`, ...promise };
    yield await measure(bench, engine, sender, batched, { lanes, count, batchRows: 100, posts: 4 });
  }
}
