// The crash story: two processes change records for one another while both are killed again and again and the network between them is
// bad. Afterwards both have everything, once, each record in its order. What happens when follows from the seed, as far as the machine lets it.
import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Engine } from '../parts/engines.ts';
import { type FaultyProxy, seededRandom, startFaultyProxy } from '../parts/faulty_proxy.ts';
import type { EndArguments } from './end_process.ts';

export interface CrashStory {
  changes: number;
  records: number;
  kills: number;
  seed: number;
  limitMs: number;
}

const program = fileURLToPath(new URL('./end_process.ts', import.meta.url));
const wait = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

interface EndProcess {
  child: ChildProcess;
  port: number;
}

const startEnd = async (given: EndArguments, complaints: string[]): Promise<EndProcess> => {
  const child = spawn(process.execPath, [program, JSON.stringify(given)], { stdio: ['ignore', 'pipe', 'pipe'] });
  child.stderr.setEncoding('utf8').on('data', (text: string) => void complaints.push(text));
  const [line] = (await Promise.race([
    once(child.stdout.setEncoding('utf8'), 'data'),
    once(child, 'exit').then(() => assert.fail(`the process ended: ${complaints.join('')}`)),
  ])) as [string];
  return { child, port: JSON.parse(line).port };
};

const kill = async ({ child }: EndProcess): Promise<void> => {
  const gone = once(child, 'exit');
  child.kill('SIGKILL');
  await gone;
};

const ask = async (end: EndProcess, path: string, body: unknown = null): Promise<unknown> => {
  const said = await fetch(`http://127.0.0.1:${end.port}${path}`, { method: 'POST', body: JSON.stringify(body) });
  assert.equal(said.status, 200, await said.clone().text());
  return said.json();
};

/** Answers what the network did, for the report. */
export const tellCrashStory = async (engine: Engine, story: CrashStory, say: (line: string) => void): Promise<void> => {
  say(`seed ${story.seed}`);
  const random = seededRandom(story.seed);
  const databases = [await engine.fresh(), await engine.fresh()];
  const proxies: FaultyProxy[] = [await startFaultyProxy(random), await startFaultyProxy(random)];
  const ends: EndProcess[] = [];
  const complaints: string[] = [];
  const argumentsOf = (at: number, port: number): EndArguments => ({
    location: databases[at]?.location ?? '',
    port,
    peerUrl: proxies[1 - at]?.url ?? '',
    tokenFailsOneIn: 40,
    properties: { 'sn_transport.backoff_seconds': '0,1', 'sn_transport.batch_rows': '25', 'sn_transport.breaker_failures': '8' },
  });
  try {
    for (const at of [0, 1]) {
      const end = await startEnd(argumentsOf(at, 0), complaints);
      ends.push(end);
      (proxies[at] as FaultyProxy).target = end.port;
    }
    const restart = async (at: number): Promise<void> => {
      const end = ends[at] as EndProcess;
      await kill(end);
      await wait(random() * 100);
      ends[at] = await startEnd(argumentsOf(at, end.port), complaints);
    };

    // Changes are written in slices; a kill may fall into one, and then its last answer is unknown: the queue itself says what was made.
    const slices = story.kills + 1;
    const perSlice = Math.ceil(story.changes / slices / 2);
    let n = 0;
    for (let slice = 0; slice < slices; slice += 1) {
      const writing = ends.map((end) => {
        const records = Array.from({ length: perSlice }, () => `r${Math.floor(random() * story.records)}`);
        const from = n;
        n += perSlice;
        return ask(end, '/change', { records, from: from + 1 }).catch(() => undefined);
      });
      if (slice < story.kills) {
        await wait(random() * 250);
        await restart(slice % 2);
      }
      await Promise.all(writing);
    }
    for (const proxy of proxies) proxy.heal();
    const until = performance.now() + story.limitMs;
    for (const at of [0, 1]) {
      for (;;) {
        const rows = (await ask(ends[at] as EndProcess, '/sent')) as [string, string, string][];
        if (rows.every(([, , state]) => state === 'processed')) break;
        const left = Object.entries(Object.groupBy(rows, ([, , state]) => state)).map(
          ([state, some]) => `${some?.length} ${state}`,
        );
        assert.ok(
          performance.now() < until,
          `seed ${story.seed}: left over at end ${at}: ${left.join(', ')}\n${complaints.slice(-5).join('')}`,
        );
        await wait(200);
      }
    }
    for (const at of [0, 1]) {
      const sent = (await ask(ends[at] as EndProcess, '/sent')) as [string, string, string][];
      const diary = (await ask(ends[1 - at] as EndProcess, '/diary')) as [string, number, string][];
      assert.equal(new Set(diary.map(([, , id]) => id)).size, diary.length, `seed ${story.seed}: something was applied twice`);
      const byRecord = (rows: (readonly [string, number])[]) => {
        const lanes = new Map<string, number[]>();
        for (const [record, number] of rows) lanes.set(record, [...(lanes.get(record) ?? []), number]);
        return Object.fromEntries([...lanes].sort(([a], [b]) => (a < b ? -1 : 1)));
      };
      const wanted = byRecord(sent.map(([record, payload]) => [record, (JSON.parse(payload) as { n: number }).n]));
      assert.deepEqual(
        byRecord(diary.map(([record, number]) => [record, number])),
        wanted,
        `seed ${story.seed}: the ends differ`,
      );
      assert.ok(sent.length >= (story.changes / 2) * 0.5, `only ${sent.length} changes were made`);
      say(`end ${at}: ${sent.length} changes arrived once and in order; its network: ${JSON.stringify(proxies[at]?.counts)}`);
    }
  } finally {
    for (const end of ends) await kill(end);
    for (const proxy of proxies) await proxy.close();
    for (const database of databases) await database.drop();
  }
};
