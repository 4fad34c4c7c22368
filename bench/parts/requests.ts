// List, read, insert and update against the yardstick: what everything between the socket and the disk costs.
import { listPath, newIncident, readPath, spread, wholeListPath } from '../asks.ts';
import { type Comparison, compare } from '../compare.ts';
import { type Wanted, writeRequest } from '../load/requests.ts';
import type { Bench, EngineName, Part, Row, Stage } from '../part.ts';

interface Work extends Pick<Row, 'id' | 'title' | 'floor' | 'target' | 'reach'> {
  make(n: number): Wanted;
  /** A token that was seen before where nothing is said. */
  as?: 'basic';
}

const reads: readonly Work[] = [
  {
    id: 'list',
    title: 'list of 20 of 100 thousand, ten fields',
    make: (n) => ({ path: listPath(n) }),
    floor: 0.06,
    target: 0.1,
    reach: 0.17,
  },
  {
    id: 'list_whole',
    title: 'the same with every field',
    make: (n) => ({ path: wholeListPath(n) }),
    floor: 0.06,
    target: 0.1,
    reach: 0.17,
  },
  { id: 'read', title: 'read one', make: (n) => ({ path: readPath(n) }), floor: 0.2, target: 0.35, reach: 0.5 },
  // Nothing was promised of these.
  {
    id: 'list_basic',
    title: 'list of 20 of 100 thousand, ten fields, by Basic',
    make: (n) => ({ path: listPath(n) }),
    as: 'basic',
  },
  { id: 'read_basic', title: 'read one, by Basic', make: (n) => ({ path: readPath(n) }), as: 'basic' },
];

const writes: readonly Work[] = [
  {
    id: 'insert',
    title: 'durable insert with its audit row',
    make: (n) => ({ method: 'POST', path: '/api/now/table/incident', body: newIncident(n) }),
    floor: 0.04,
    target: 0.08,
    reach: 0.15,
  },
  {
    id: 'update',
    title: 'durable update with its audit row',
    // Another text each time: a change that changes nothing writes nothing.
    make: (n) => ({
      method: 'PATCH',
      path: readPath(n),
      body: JSON.stringify({ short_description: `seen again ${Math.random()}` }),
    }),
  },
];

const detailOf = (comparison: Comparison): Row['detail'] => {
  const [own, bare] = [comparison.of('causeway'), comparison.of('static')];
  return {
    perSecond: own.perSecond,
    staticPerSecond: bare.perSecond,
    cpuMicros: own.cpuMicros,
    staticCpuMicros: bare.cpuMicros,
    p50Ms: own.p50,
    p99Ms: own.p99,
  };
};

const measure = async (bench: Bench, stage: Stage, work: Work, authorization: string): Promise<Comparison> => {
  const { server, yardstick, incidents } = stage;
  const wanted = spread(2000, incidents, work.make);
  const requests = wanted.map((each) => writeRequest({ ...each, authorization }));
  await yardstick.copy(server.port, { ...work.make(1), authorization });
  const load = () => ({ requests });
  return compare(
    bench.driver,
    [
      { name: 'causeway', server, load },
      { name: 'static', server: yardstick, load },
    ],
    bench.pace,
  );
};

async function* rowsOf(bench: Bench, engine: EngineName): AsyncGenerator<Row> {
  const stage = await bench.stage(engine);
  for (const { make, as = 'seen', ...work } of [...reads, ...writes]) {
    bench.say(`${work.title} on ${engine}`);
    const comparison = await measure(bench, stage, { ...work, make }, stage.as[as]);
    yield {
      ...work,
      title: `${work.title} / static`,
      engine,
      value: comparison.ratio('causeway', 'static'),
      detail: detailOf(comparison),
    };
    if (work.id === 'list') {
      const { p50, p99 } = comparison.of('causeway');
      const limits = { floor: 8, target: 5, reach: 3, isLessBetter: true };
      yield {
        id: 'list_tail',
        title: 'p99 / p50 of the list at 16 connections',
        engine,
        value: p99 / p50,
        ...limits,
        detail: { p50Ms: p50, p99Ms: p99 },
      };
    }
  }
}

export const requests: Part = {
  name: 'requests',
  about: 'list, read, insert, update against a bare server that sends the same bytes',
  run: rowsOf,
};
