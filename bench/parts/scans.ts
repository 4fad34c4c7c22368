// What readers feel while somebody lets scans run without pause.
import { readPath, spread } from '../asks.ts';
import { compare } from '../compare.ts';
import { writeRequest } from '../load/requests.ts';
import type { Bench, EngineName, Part, Row } from '../part.ts';

/** No index helps, and nothing matches: every row is looked at, once for the page and once for the count. */
const scan = `/api/now/table/incident?sysparm_query=${encodeURIComponent('short_descriptionLIKEno such words')}&sysparm_limit=20`;

const rowOf = async (bench: Bench, engine: EngineName): Promise<Row> => {
  const { server, as, incidents } = await bench.stage(engine);
  bench.say(`reads beside scans on ${engine}`);
  const requests = spread(2000, incidents, readPath).map((path) => writeRequest({ path, authorization: as.seen }));
  const beside = { connections: 1, requests: [writeRequest({ path: scan, authorization: as.seen })] };
  const pace = { ...bench.pace, sliceMs: Math.max(bench.pace.sliceMs, 2000), rounds: Math.min(bench.pace.rounds, 5) };
  const comparison = await compare(
    bench.driver,
    [
      { name: 'scanned', server, load: () => ({ requests, beside }) },
      { name: 'quiet', server, load: () => ({ requests }) },
    ],
    pace,
  );
  const [scanned, quiet] = [comparison.of('scanned'), comparison.of('quiet')];
  return {
    id: 'beside_scans',
    title: 'p99.9 of a read while LIKE scans run / quiet',
    engine,
    value: scanned.p999 / quiet.p999,
    floor: 20,
    target: 5,
    reach: 2,
    isLessBetter: true,
    detail: { perSecond: scanned.perSecond, scannedMs: scanned.p999, quietMs: quiet.p999 },
  };
};

export const scans: Part = {
  name: 'scans',
  about: 'what readers feel while somebody lets scans run without pause',
  async *run(bench, engine) {
    yield await rowOf(bench, engine);
  },
};
