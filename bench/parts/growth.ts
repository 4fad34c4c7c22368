// What grows with the table and what does not: one request at a time on tables of growing size, and the memory of the process while a
// whole table is exported page by page. On demand: filling the tables takes its time.
import { newIncident, readPath } from '../asks.ts';
import { median } from '../compare.ts';
import { callerId, incidentId } from '../data/incidents.ts';
import type { Bench, EngineName, Part, Row } from '../part.ts';
import { type Causeway, startCauseway } from '../servers/causeway.ts';
import { fill } from '../stage.ts';

const table = '/api/now/table/incident';
const query = (text: string): string => `sysparm_query=${encodeURIComponent(text)}`;
const few = 'sysparm_fields=sys_id,number,short_description&sysparm_limit=20';

interface Work {
  name: string;
  ask: (n: number, size: number) => { path: string; body?: string };
}

/** Keyset: the next page begins behind the last key seen. Deep offset: half of the table is passed over. */
const works: readonly Work[] = [
  { name: 'read by sys_id', ask: (n) => ({ path: readPath(n) }) },
  {
    name: 'page of an indexed filter, not counted',
    ask: (n) => ({ path: `${table}?${query(`caller_id=${callerId(n)}`)}&${few}&sysparm_no_count=true` }),
  },
  {
    name: 'keyset page',
    ask: (n) => ({ path: `${table}?${query(`sys_id>${incidentId(n)}^ORDERBYsys_id`)}&${few}&sysparm_no_count=true` }),
  },
  {
    name: 'page at a deep offset',
    ask: (_n, size) => ({ path: `${table}?${few}&sysparm_no_count=true&sysparm_offset=${size >> 1}` }),
  },
  {
    name: 'count of a filter that half of the rows pass',
    ask: () => ({ path: `${table}?${query('category=software^ORcategory=hardware')}&sysparm_fields=sys_id&sysparm_limit=1` }),
  },
  { name: 'insert', ask: (n) => ({ path: table, body: newIncident(n) }) },
];

const askOnce = async (server: Causeway, authorization: string, asked: ReturnType<Work['ask']>): Promise<number> => {
  const startedAt = performance.now();
  const answer = await fetch(`http://127.0.0.1:${server.port}${asked.path}`, {
    method: asked.body === undefined ? 'GET' : 'POST',
    headers: { authorization, 'content-type': 'application/json' },
    body: asked.body ?? null,
  });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${asked.path} was answered with ${answer.status}: ${text.slice(0, 200)}`);
  return performance.now() - startedAt;
};

const timeOf = async (server: Causeway, authorization: string, work: Work, size: number, times: number): Promise<number> => {
  const took: number[] = [];
  for (let at = 0; at < times; at += 1) took.push(await askOnce(server, authorization, work.ask((at * 7919) % size, size)));
  return median(took);
};

/** The most memory, in MiB, at any page after the first ten, and at the tenth. */
const exportAll = async (server: Causeway, authorization: string, size: number): Promise<{ early: number; most: number }> => {
  const page = 1000;
  let [early, most, last] = [0, 0, ''];
  for (let at = 0; at * page < size; at += 1) {
    const path = `${table}?${query(`${last === '' ? '' : `sys_id>${last}^`}ORDERBYsys_id`)}&sysparm_limit=${page}&sysparm_no_count=true`;
    const answer = await fetch(`http://127.0.0.1:${server.port}${path}`, { headers: { authorization } });
    const { result } = (await answer.json()) as { result: { sys_id: string }[] };
    last = result.at(-1)?.sys_id ?? '';
    const memory = server.memoryMiB() ?? 0;
    if (at === 10) early = memory;
    if (at > 10) most = Math.max(most, memory);
  }
  return { early, most };
};

const rowsOf = async (bench: Bench, engine: EngineName): Promise<Row[]> => {
  const place = await bench.newPlace(engine);
  const authorization = `Basic ${Buffer.from(`admin:${place.adminPassword}`).toString('base64')}`;
  const largest = bench.largest ?? (bench.isQuick ? 100_000 : 1_000_000);
  const sizes = [10_000, 100_000, 1_000_000, 5_000_000].filter((size) => size <= largest);
  const rows: Row[] = [];
  let filled = 0;
  let server = await startCauseway(place);
  for (const size of sizes) {
    bench.say(`${size} incidents on ${engine}`);
    await fill(place, filled, size);
    filled = size;
    // What was written comes to rest in the file before anything is timed.
    await server.stop();
    server = await startCauseway(place);
    for (const work of works) {
      const ms = await timeOf(server, authorization, work, size, bench.isQuick ? 40 : 200);
      rows.push({
        id: `growth_${work.name.replaceAll(' ', '_')}_${size}`,
        title: `${work.name}, of ${size}, ms`,
        engine,
        value: ms,
        detail: {},
      });
    }
  }
  const { early, most } = await exportAll(server, authorization, filled);
  rows.push({
    id: 'export_memory',
    title: `memory at most / at page 10, exporting ${filled}`,
    engine,
    value: most / early,
    detail: { early, most },
  });
  await server.stop();
  return rows;
};

export const growth: Part = {
  name: 'growth',
  isOnDemand: true,
  async run(bench) {
    const rows: Row[] = [];
    for (const engine of bench.engines) rows.push(...(await rowsOf(bench, engine)));
    return rows;
  },
};
