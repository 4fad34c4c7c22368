// How long a start takes, and what an instance weighs when nobody asks anything.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as wait } from 'node:timers/promises';
import { median } from '../compare.ts';
import type { Part, Row } from '../part.ts';
import { startCauseway } from '../servers/causeway.ts';
import { startStatic } from '../servers/static.ts';

const emptyStart = async (): Promise<number> => {
  const startedAt = performance.now();
  await once(spawn(process.execPath, ['-e', '0'], { stdio: 'ignore' }), 'exit');
  return performance.now() - startedAt;
};

export const start: Part = {
  name: 'start',
  async run(bench) {
    const rows: Row[] = [];
    for (const engine of bench.engines) {
      bench.say(`start and idle memory on ${engine}`);
      const place = await bench.newPlace(engine);
      await (await startCauseway(place)).stop();
      const times: { full: number; empty: number }[] = [];
      const weights: number[] = [];
      for (let round = 0; round < (bench.isQuick ? 4 : 8); round += 1) {
        const empty = await emptyStart();
        const startedAt = performance.now();
        const server = await startCauseway(place);
        const answer = await fetch(`http://127.0.0.1:${server.port}/healthz`);
        if (!answer.ok) throw new Error(`/healthz was answered with ${answer.status}`);
        times.push({ full: performance.now() - startedAt, empty });
        await server.table.list('incident', 'active=true');
        await wait(1000);
        weights.push(server.memoryMiB() ?? Number.NaN);
        await server.stop();
      }
      const bare = await startStatic();
      await fetch(`http://127.0.0.1:${bare.port}/`).then((answer) => answer.text());
      await wait(1000);
      const bareWeight = bare.memoryMiB() ?? Number.NaN;
      await bare.stop();
      const [fullMs, emptyMs] = [median(times.map(({ full }) => full)), median(times.map(({ empty }) => empty))];
      rows.push({
        id: 'start',
        title: 'start to first 200 / node -e 0',
        engine,
        value: median(times.map(({ full, empty }) => full / empty)),
        floor: 20,
        target: 10,
        reach: 6,
        isLessBetter: true,
        detail: { fullMs, emptyMs },
      });
      rows.push({
        id: 'idle_memory',
        title: 'idle memory / bare node:http',
        engine,
        value: median(weights) / bareWeight,
        floor: 3,
        target: 2,
        reach: 1.5,
        isLessBetter: true,
        detail: { memoryMiB: median(weights), bareMiB: bareWeight },
      });
    }
    return rows;
  },
};
