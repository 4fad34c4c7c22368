// What grows with the table and what does not: the same requests, one at a time, to instances whose tables differ in size only, in turns.
// Then the memory of the largest while the whole of its table is exported page by page. On demand: filling the tables takes its time.
import { newIncident, readPath } from '../asks.ts';
import { median } from '../compare.ts';
import { callerId, incidentId, incidentMoment } from '../data/incidents.ts';
import type { Bench, EngineName, Part, Row, Stage } from '../part.ts';
import { setStage } from '../stage.ts';

const table = '/api/now/table/incident';
const query = (text: string): string => `sysparm_query=${encodeURIComponent(text)}`;
const few = 'sysparm_fields=sys_id,number,short_description&sysparm_limit=20';
const uncounted = 'sysparm_no_count=true';

interface Work {
  name: string;
  ask: (n: number, size: number) => { path: string; body?: string };
}

const works: readonly Work[] = [
  { name: 'read by sys_id', ask: (n) => ({ path: readPath(n) }) },
  {
    name: 'page of an indexed filter',
    ask: (n) => ({ path: `${table}?${query(`caller_id=${callerId(n)}`)}&${few}&${uncounted}` }),
  },
  {
    // As whoever exports a table pages through it: the next page begins behind the last key seen.
    name: 'keyset page',
    ask: (n) => ({ path: `${table}?${query(`sys_id>${incidentId(n)}^ORDERBYsys_id`)}&${few}&${uncounted}` }),
  },
  {
    // As whoever follows a table asks for what has changed since.
    name: 'page of changes since',
    ask: (n) => ({ path: `${table}?${query(`sys_updated_on>=${incidentMoment(n)}^ORDERBYsys_updated_on`)}&${few}&${uncounted}` }),
  },
  {
    name: 'newest of three quarters of the table',
    ask: () => ({ path: `${table}?${query('active=true^ORDERBYDESCopened_at')}&${few}&${uncounted}` }),
  },
  { name: 'insert', ask: (n) => ({ path: table, body: newIncident(n) }) },
  {
    name: 'page of an indexed filter, counted',
    ask: (n) => ({ path: `${table}?${query(`caller_id=${callerId(n)}`)}&${few}` }),
  },
  {
    // Half of the table is passed over.
    name: 'page at a deep offset',
    ask: (_n, size) => ({ path: `${table}?${few}&${uncounted}&sysparm_offset=${size >> 1}` }),
  },
  {
    name: 'count of two fifths of the table',
    ask: () => ({ path: `/api/now/stats/incident?${query('category=software^ORcategory=hardware')}&sysparm_count=true` }),
  },
];

const askOnce = async ({ server, as }: Stage, asked: ReturnType<Work['ask']>): Promise<number> => {
  const startedAt = performance.now();
  const answer = await fetch(`http://127.0.0.1:${server.port}${asked.path}`, {
    method: asked.body === undefined ? 'GET' : 'POST',
    headers: { authorization: as.seen, 'content-type': 'application/json' },
    body: asked.body ?? null,
    signal: AbortSignal.timeout(120_000),
  });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${asked.path} was answered with ${answer.status}: ${text.slice(0, 200)}`);
  return performance.now() - startedAt;
};

const sliceMs = 2000;

/** The middle of what one request took, in milliseconds, by size. */
const timesOf = async (stages: readonly Stage[], work: Work, rounds: number, times: number): Promise<Map<Stage, number>> => {
  const took = new Map<Stage, number[]>(stages.map((stage) => [stage, []]));
  for (let round = 0; round <= rounds; round += 1)
    for (const stage of stages) {
      const size = stage.incidents;
      const endAt = performance.now() + sliceMs;
      for (let at = 0; at < times && performance.now() < endAt; at += 1) {
        const ms = await askOnce(stage, work.ask(((round * times + at) * 7919) % size, size));
        // The first round warms up.
        if (round > 0) took.get(stage)?.push(ms);
      }
    }
  return new Map([...took].map(([stage, all]) => [stage, median(all)]));
};

/** The most memory, in MiB, in the first tenth of the pages and after it. */
const exportAll = async ({
  server,
  as,
  incidents,
}: Stage): Promise<{ early: number; late: number; rows: number; seconds: number }> => {
  const page = 1000;
  const startedAt = performance.now();
  let [early, late, rows, last] = [0, 0, 0, ''];
  for (;;) {
    const path = `${table}?${query(`${last === '' ? '' : `sys_id>${last}^`}ORDERBYsys_id`)}&sysparm_limit=${page}&${uncounted}`;
    const answer = await fetch(`http://127.0.0.1:${server.port}${path}`, { headers: { authorization: as.seen } });
    const { result } = (await answer.json()) as { result: { sys_id: string }[] };
    const memory = server.memoryMiB() ?? Number.NaN;
    if (rows < incidents / 10) early = Math.max(early, memory);
    else late = Math.max(late, memory);
    rows += result.length;
    last = result.at(-1)?.sys_id ?? '';
    if (result.length < page) return { early, late, rows, seconds: (performance.now() - startedAt) / 1000 };
  }
};

async function* measure(bench: Bench, engine: EngineName, stages: readonly Stage[]): AsyncGenerator<Row> {
  const [rounds, times] = bench.isQuick ? [2, 15] : [6, 40];
  for (const work of works) {
    const took = await timesOf(stages, work, rounds, times);
    for (const [{ incidents }, ms] of took)
      yield {
        id: `growth_${work.name.replaceAll(/\W+/g, '_')}_${incidents}`,
        title: `${work.name}, of ${incidents}`,
        engine,
        unit: 'ms',
        point: { line: work.name, rows: incidents },
        value: ms,
        detail: { timesTheSmallest: ms / ([...took.values()][0] ?? Number.NaN) },
      };
  }
  const largest = stages.at(-1);
  if (!largest) return;
  bench.say(`exporting ${largest.incidents} whole rows on ${engine}`);
  const { early, late, rows, seconds } = await exportAll(largest);
  yield {
    id: 'export_memory',
    title: `exporting ${largest.incidents} rows: memory at most / in the first tenth`,
    engine,
    value: late / early,
    detail: { earlyMiB: early, lateMiB: late, rows, seconds },
  };
}

export const growth: Part = {
  name: 'growth',
  about: 'what grows with the table and what does not; memory while all of it is exported',
  isOnDemand: true,
  async *run(bench, engine) {
    const largest = bench.largest ?? (bench.isQuick ? 100_000 : 1_000_000);
    const stages: Awaited<ReturnType<typeof setStage>>[] = [];
    try {
      for (const incidents of [10_000, 100_000, 1_000_000, 5_000_000].filter((size) => size <= largest)) {
        const startedAt = performance.now();
        stages.push(await setStage({ engine, place: await bench.newPlace(engine), issuer: bench.issuer, incidents }));
        bench.say(
          `an instance with ${incidents} incidents on ${engine}: ${Math.round((performance.now() - startedAt) / 1000)} s`,
        );
      }
      yield* measure(bench, engine, stages);
    } finally {
      for (const stage of stages) await stage.stop();
    }
  },
};
