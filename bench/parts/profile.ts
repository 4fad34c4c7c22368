// Where the time goes: one processor profile for each hot path, as a list of the dearest functions by their own time.
// On demand: a profiled server is slower, so nothing here is a ratio.
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { listPath, newIncident, readPath, spread } from '../asks.ts';
import { type Wanted, writeRequest } from '../load/requests.ts';
import type { Bench, EngineName, Part } from '../part.ts';
import { setStage } from '../stage.ts';

const paths: Readonly<Record<string, (n: number) => Wanted>> = {
  list: (n) => ({ path: listPath(n) }),
  read: (n) => ({ path: readPath(n) }),
  insert: (n) => ({ method: 'POST', path: '/api/now/table/incident', body: newIncident(n) }),
};

interface CpuProfile {
  /** Microseconds. */
  startTime: number;
  endTime: number;
  nodes: { id: number; callFrame: { functionName: string; url: string; lineNumber: number } }[];
  samples: number[];
  timeDeltas: number[];
}

const placeOf = ({ functionName, url, lineNumber }: CpuProfile['nodes'][number]['callFrame']): string => {
  const name = functionName || '(anonymous)';
  const file = url.replace(/^.*\/(?=(?:src|node_modules)\/)/, '');
  return file === '' ? name : `${name} ${file}:${lineNumber + 1}`;
};

/** Own time by function in percent of the time that was not idle, the dearest first; of the last milliseconds only, so without the start. */
const dearest = (profile: CpuProfile, lastMs: number, count: number): string[] => {
  const frames = new Map(profile.nodes.map((node) => [node.id, node.callFrame]));
  const own = new Map<string, number>();
  const from = profile.endTime - lastMs * 1000;
  let now = profile.startTime;
  let busy = 0;
  profile.samples.forEach((id, at) => {
    const frame = frames.get(id);
    now += profile.timeDeltas[at] ?? 0;
    if (now < from || !frame || frame.functionName === '(idle)' || frame.functionName === '(program)') return;
    const micros = profile.timeDeltas[at] ?? 0;
    busy += micros;
    own.set(placeOf(frame), (own.get(placeOf(frame)) ?? 0) + micros);
  });
  const sorted = [...own].sort(([, one], [, other]) => other - one).slice(0, count);
  return sorted.map(([place, micros]) => `${((micros / busy) * 100).toFixed(1).padStart(5)} %  ${place}`);
};

const profilePath = async (bench: Bench, engine: EngineName, name: string, make: (n: number) => Wanted): Promise<void> => {
  const folder = join(bench.folder, `profile-${engine}-${name}`);
  await mkdir(folder);
  bench.say(`profile of ${name} on ${engine}`);
  const incidents = 20_000;
  const nodeFlags = ['--cpu-prof', '--cpu-prof-interval', '200', '--cpu-prof-dir', folder];
  const stage = await setStage({ engine, place: await bench.newPlace(engine), issuer: bench.issuer, incidents, nodeFlags });
  const requests = spread(2000, incidents, make).map((each) => writeRequest({ ...each, authorization: stage.as.seen }));
  const durationMs = bench.isQuick ? 5000 : 15_000;
  await bench.driver.run({ port: stage.server.port, connections: 16, durationMs, requests });
  await stage.stop();
  const [file = ''] = (await readdir(folder)).filter((entry) => entry.endsWith('.cpuprofile'));
  const profile = JSON.parse(await readFile(join(folder, file), 'utf8')) as CpuProfile;
  const lines = dearest(profile, durationMs, 40);
  await mkdir(bench.resultsFolder, { recursive: true });
  await writeFile(join(bench.resultsFolder, `profile-${engine}-${name}.txt`), `${lines.join('\n')}\n`);
  bench.say(`\n${lines.join('\n')}`);
};

export const profile: Part = {
  name: 'profile',
  isOnDemand: true,
  about: 'where the time goes on the hot paths; writes lists of functions, no figures',
  // biome-ignore lint/correctness/useYield: lists are all there is.
  async *run(bench, engine) {
    for (const [name, make] of Object.entries(paths)) await profilePath(bench, engine, name, make);
  },
};
