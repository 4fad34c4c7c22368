// How long a start takes, and what an instance weighs when nobody asks anything.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as wait } from 'node:timers/promises';
import { median } from '../compare.ts';
import type { Bench, EngineName, Part, Row } from '../part.ts';
import { type CausewayPlace, startCauseway } from '../servers/causeway.ts';
import { startStatic } from '../servers/static.ts';

const emptyStart = async (): Promise<number> => {
  const startedAt = performance.now();
  await once(spawn(process.execPath, ['-e', '0'], { stdio: 'ignore' }), 'exit');
  return performance.now() - startedAt;
};

/** Milliseconds from the start of the process to its first answer, and its weight when it has been idle for a second. */
const startOnce = async (place: CausewayPlace): Promise<{ fullMs: number; memoryMiB: number }> => {
  const startedAt = performance.now();
  const server = await startCauseway(place);
  try {
    const answer = await fetch(`http://127.0.0.1:${server.port}/healthz`);
    if (!answer.ok) throw new Error(`/healthz was answered with ${answer.status}`);
    const fullMs = performance.now() - startedAt;
    await server.table.list('incident', 'active=true');
    await wait(1000);
    return { fullMs, memoryMiB: server.memoryMiB() ?? Number.NaN };
  } finally {
    await server.stop();
  }
};

const bareWeight = async (): Promise<number> => {
  const bare = await startStatic();
  try {
    await fetch(`http://127.0.0.1:${bare.port}/`).then((answer) => answer.text());
    await wait(1000);
    return bare.memoryMiB() ?? Number.NaN;
  } finally {
    await bare.stop();
  }
};

const measure = async (bench: Bench, engine: EngineName): Promise<Row[]> => {
  bench.say(`start and idle memory on ${engine}`);
  const place = await bench.newPlace(engine);
  // The first one makes the tables: what is measured is a start like any other.
  await startOnce(place);
  const times: { full: number; empty: number }[] = [];
  const weights: number[] = [];
  for (let round = 0; round < (bench.isQuick ? 4 : 8); round += 1) {
    const empty = await emptyStart();
    const { fullMs: full, memoryMiB } = await startOnce(place);
    times.push({ full, empty });
    weights.push(memoryMiB);
  }
  const [memoryMiB, bareMiB] = [median(weights), await bareWeight()];
  const [fullMs, emptyMs] = [median(times.map(({ full }) => full)), median(times.map(({ empty }) => empty))];
  return [
    {
      id: 'start',
      title: 'start to first 200 / node -e 0',
      engine,
      value: median(times.map(({ full, empty }) => full / empty)),
      floor: 20,
      target: 10,
      reach: 6,
      isLessBetter: true,
      detail: { fullMs, emptyMs },
    },
    {
      id: 'idle_memory',
      title: 'idle memory / bare node:http',
      engine,
      value: memoryMiB / bareMiB,
      floor: 3,
      target: 2,
      reach: 1.5,
      isLessBetter: true,
      detail: { memoryMiB, bareMiB },
    },
  ];
};

export const start: Part = {
  name: 'start',
  about: 'how long a start takes, and what an instance weighs when nobody asks anything',
  async *run(bench, engine) {
    yield* await measure(bench, engine);
  },
};
