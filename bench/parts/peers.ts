// Causeway beside Directus, which answers much the same requests over the same engines: list, read and insert, the same rows, in turns.
// On demand, because it downloads Directus first.
import { randomBytes } from 'node:crypto';
import { listFields, listPath, newIncident, readPath, spread } from '../asks.ts';
import { type Contender, compare } from '../compare.ts';
import { callerId, incidentId } from '../data/incidents.ts';
import { type Wanted, writeRequest } from '../load/requests.ts';
import type { Bench, EngineName, Part, Row, Stage } from '../part.ts';
import { makeDirectus, startDirectus } from '../peers/directus.ts';
import { directusVersion, fetchDirectus } from '../peers/fetch_directus.ts';
import { fillCollection, makeAgent, makeCollection, uuidOf } from '../peers/incident_collection.ts';
import type { ServerProcess } from '../servers/process.ts';
import { setStage } from '../stage.ts';

const incidents = 100_000;

interface Work {
  id: string;
  title: string;
  marks: Readonly<Record<EngineName, Pick<Row, 'floor' | 'target' | 'reach'>>>;
  ours(n: number): Wanted;
  theirs(n: number): Wanted;
}

const theirList = (n: number): string => `/items/incident?filter[caller_id][_eq]=${callerId(n)}&limit=20&fields=${listFields}`;

const works: readonly Work[] = [
  {
    id: 'list',
    title: 'list of 20 of 100 thousand, ten fields',
    marks: { sqlite: { floor: 10, target: 25, reach: 45 }, postgres: { floor: 8, target: 15, reach: 25 } },
    ours: (n) => ({ path: listPath(n) }),
    theirs: (n) => ({ path: theirList(n) }),
  },
  {
    // Ours counts what a filter finds unless told not to, theirs when told to.
    id: 'counted_list',
    title: 'the same list, both with its count',
    marks: { sqlite: {}, postgres: {} },
    ours: (n) => ({ path: listPath(n) }),
    theirs: (n) => ({ path: `${theirList(n)}&meta=filter_count` }),
  },
  {
    id: 'read',
    title: 'read one',
    marks: { sqlite: { floor: 20, target: 60, reach: 120 }, postgres: { floor: 15, target: 30, reach: 50 } },
    ours: (n) => ({ path: readPath(n) }),
    theirs: (n) => ({ path: `/items/incident/${uuidOf(incidentId(n))}` }),
  },
  {
    id: 'insert',
    title: 'durable insert with its audit row',
    marks: { sqlite: { floor: 8, target: 20, reach: 50 }, postgres: { floor: 8, target: 20, reach: 50 } },
    ours: (n) => ({ method: 'POST', path: '/api/now/table/incident', body: newIncident(n) }),
    theirs: (n) => ({ method: 'POST', path: '/items/incident', body: newIncident(n) }),
  },
];

/** Directus in a database of its own, with the rows and somebody who may ask for them. */
const startPeer = async (bench: Bench, engine: EngineName): Promise<ServerProcess & { authorization: string }> => {
  const directus = await fetchDirectus(bench.say);
  const { folder, database } = await bench.newPlace(engine);
  const place = { engine, folder, database, adminToken: randomBytes(16).toString('hex') };
  const token = randomBytes(16).toString('hex');
  await makeDirectus(directus, place);
  const first = await startDirectus(directus, place);
  try {
    await makeCollection(first, place.adminToken);
    await makeAgent(first, place.adminToken, token);
  } finally {
    await first.stop();
  }
  await fillCollection(place, incidents);
  return { ...(await startDirectus(directus, place)), authorization: `Bearer ${token}` };
};

/** What both answer to the same question holds the same records; a peer that answers less would look fast. */
const checkAlike = async (stage: Stage, peer: ServerProcess & { authorization: string }): Promise<void> => {
  const numbers = async (port: number, path: string, authorization: string): Promise<string> => {
    const answer = await fetch(`http://127.0.0.1:${port}${path}`, { headers: { authorization } });
    const said = (await answer.json()) as { result?: { number: string }[]; data?: { number: string }[] };
    return (said.result ?? said.data ?? []).map(({ number }) => number).join(' ');
  };
  const ours = await numbers(stage.server.port, listPath(7), stage.as.seen);
  const theirs = await numbers(peer.port, theirList(7), peer.authorization);
  if (ours === '' || ours !== theirs) throw new Error(`the two answer different records: ${ours} | ${theirs}`);
};

async function* measure(bench: Bench, stage: Stage, peer: ServerProcess & { authorization: string }): AsyncGenerator<Row> {
  await checkAlike(stage, peer);
  const contender = (name: string, server: ServerProcess, authorization: string, make: (n: number) => Wanted): Contender => {
    const requests = spread(2000, incidents, make).map((each) => writeRequest({ ...each, authorization }));
    return { name, server, load: () => ({ requests }) };
  };
  for (const { id, title, marks, ours, theirs } of works) {
    bench.say(`${title}, beside Directus on ${stage.engine}`);
    const comparison = await compare(
      bench.driver,
      [contender('causeway', stage.server, stage.as.seen, ours), contender('directus', peer, peer.authorization, theirs)],
      bench.pace,
    );
    const [own, other] = [comparison.of('causeway'), comparison.of('directus')];
    yield {
      id: `peer_${id}`,
      title: `${title} / Directus ${directusVersion}`,
      engine: stage.engine,
      value: comparison.ratio('causeway', 'directus'),
      ...marks[stage.engine],
      detail: {
        perSecond: own.perSecond,
        directusPerSecond: other.perSecond,
        cpuMicros: own.cpuMicros,
        directusCpuMicros: other.cpuMicros,
        p50Ms: own.p50,
        directusP50Ms: other.p50,
      },
    };
  }
}

export const peers: Part = {
  name: 'peers',
  about: 'list, read and insert as a multiple of Directus, which is downloaded for it',
  isOnDemand: true,
  async *run(bench, engine) {
    const peer = await startPeer(bench, engine);
    try {
      const place = await bench.newPlace(engine);
      const stage = await setStage({ engine, place, issuer: bench.issuer, incidents });
      try {
        yield* measure(bench, stage, peer);
      } finally {
        await stage.stop();
      }
    } finally {
      await peer.stop();
    }
  },
};
