// Messages between two processes against a bare loop that posts the same bytes: what ordering, durability and exactly-once cost.
// Also the time from commit here to applied there, and whether a long queue costs more than a short one.
import { fileURLToPath } from 'node:url';
import { median } from '../compare.ts';
import type { Bench, EngineName, Part, Row } from '../part.ts';
import { type ServerProcess, startServer } from '../servers/process.ts';

const program = fileURLToPath(new URL('../servers/exchange_end.ts', import.meta.url));
/** Of one message on the wire: its envelope and 240 bytes of payload. */
const messageBytes = 850;

interface End extends ServerProcess {
  ask<T>(path: string, body: unknown): Promise<T>;
}

const startEnd = async (bench: Bench, engine: EngineName, peerUrl: string): Promise<End> => {
  const place = await bench.newPlace(engine);
  const server = await startServer({
    command: process.execPath,
    args: [program, place.database, peerUrl],
    readyLine: /listening (\d+)/,
  });
  return {
    ...server,
    async ask<T>(path: string, body: unknown) {
      const said = await fetch(`http://127.0.0.1:${server.port}${path}`, {
        method: 'POST',
        body: JSON.stringify(body),
        signal: AbortSignal.timeout(900_000),
      });
      if (said.status !== 200) throw new Error(`${path}: ${await said.text()}`);
      return (await said.json()) as T;
    },
  };
};

type Rate = { perSecond: number; p50: number };

async function* throughput(
  bench: Bench,
  engine: EngineName,
  { receiver, sender }: { receiver: End; sender: End },
): AsyncGenerator<Row> {
  const rounds = bench.isQuick ? 2 : 5;
  const measure = async (
    row: Pick<Row, 'id' | 'title' | 'floor' | 'target' | 'reach'>,
    lanes: number,
    count: number,
    batchRows: number,
    posts: number,
  ): Promise<Row> => {
    await sender.ask('/set', { 'sn_transport.batch_rows': String(batchRows), 'sn_transport.parallel_posts': String(posts) });
    const rates: [own: number, bare: number][] = [];
    for (let round = 0; round <= rounds; round += 1) {
      await sender.ask('/fill', { count, lanes });
      const own = (await sender.ask<Rate>('/drain', {})).perSecond;
      const load = { posts: bench.isQuick ? 1500 : 4000, bytes: messageBytes, connections: posts === 1 ? 1 : 16 };
      const bare = (await sender.ask<Rate>('/load', load)).perSecond;
      if (round > 0) rates.push([own, bare]);
    }
    const value = median(rates.map(([own, bare]) => own / bare));
    return {
      ...row,
      engine,
      value,
      detail: { perSecond: median(rates.map(([own]) => own)), barePerSecond: median(rates.map(([, bare]) => bare)) },
    };
  };
  const count = bench.isQuick ? 4_000 : 20_000;
  yield await measure(
    { id: 'exchange_single', title: 'one message a POST, 16 at once', floor: 0.08, target: 0.15, reach: 0.25 },
    1000,
    count / 4,
    1,
    16,
  );
  for (const lanes of [1, 10, 100]) {
    const promise = lanes === 100 ? { floor: 0.3, target: 0.8, reach: 1.5 } : {};
    yield await measure({ id: `exchange_batched_${lanes}`, title: `batched, ${lanes} lanes`, ...promise }, lanes, count, 100, 4);
  }
  const latencies: number[] = [];
  const bare = await sender.ask<Rate>('/load', { posts: 500, bytes: messageBytes, connections: 1 });
  for (let n = 1; n <= (bench.isQuick ? 60 : 300); n += 1) {
    const number = 1_000_000_000 + n;
    const { committedAt } = await sender.ask<{ committedAt: number }>('/one', { n: number });
    for (;;) {
      const { at } = await receiver.ask<{ at?: number }>('/applied', number);
      if (at !== undefined) {
        latencies.push(at - committedAt);
        break;
      }
    }
  }
  latencies.sort((a, b) => a - b);
  const p50 = latencies[latencies.length >> 1] ?? 0;
  const p99 = latencies[Math.floor(latencies.length * 0.99)] ?? 0;
  const detail = { p50Ms: p50, p99Ms: p99, rawPostMs: bare.p50 };
  yield {
    id: 'exchange_idle',
    title: 'commit here to applied there, idle, p50 / one raw POST',
    engine,
    value: p50 / bare.p50,
    floor: 50,
    target: 15,
    reach: 6,
    isLessBetter: true,
    detail,
  };
  const { overtaken } = await receiver.ask<{ overtaken: number }>('/overtaken', {});
  yield {
    id: 'exchange_overtaken',
    title: 'messages overtaken within a record',
    engine,
    value: overtaken,
    floor: 0,
    target: 0,
    reach: 0,
    isLessBetter: true,
    detail: {},
  };
}

async function* betweenTwo(bench: Bench, engine: EngineName): AsyncGenerator<Row> {
  const receiver = await startEnd(bench, engine, '');
  try {
    const sender = await startEnd(bench, engine, `http://127.0.0.1:${receiver.port}`);
    try {
      yield* throughput(bench, engine, { receiver, sender });
    } finally {
      await sender.stop();
    }
  } finally {
    await receiver.stop();
  }
}

/** A wire that answers at once: what is left is claiming and settling. */
const depth = async (bench: Bench, engine: EngineName): Promise<Row[]> => {
  const most = bench.isQuick ? 100_000 : 1_000_000;
  const measured: { perSecond: number; memoryMiB: number }[] = [];
  for (const count of [10_000, most]) {
    const end = await startEnd(bench, engine, '');
    try {
      await end.ask('/fill', { count, lanes: Math.ceil(count / 4) });
      const rates: number[] = [];
      for (const leave of [count - 3000, count - 6000]) rates.push((await end.ask<Rate>('/drain', { leave })).perSecond);
      measured.push({ perSecond: rates[1] ?? 0, memoryMiB: end.memoryMiB() ?? 0 });
    } finally {
      await end.stop();
    }
  }
  const [few, many] = measured;
  if (!few || !many) return [];
  const detail = { few: few.perSecond, many: many.perSecond, fewMiB: few.memoryMiB, manyMiB: many.memoryMiB, rows: most };
  return [
    {
      id: 'exchange_depth_rate',
      title: 'claim rate, a long queue / 10 thousand',
      engine,
      value: many.perSecond / few.perSecond,
      floor: 0.7,
      target: 0.85,
      reach: 0.94,
      detail,
    },
    {
      id: 'exchange_depth_memory',
      title: 'memory, a long queue / 10 thousand',
      engine,
      value: many.memoryMiB / few.memoryMiB,
      floor: 1.5,
      target: 1.3,
      reach: 1.2,
      isLessBetter: true,
      detail,
    },
  ];
};

export const exchange: Part = {
  name: 'exchange',
  about: 'messages between two processes against a bare loop that posts the same bytes',
  async *run(bench, engine) {
    yield* betweenTwo(bench, engine);
    yield* await depth(bench, engine);
  },
};
