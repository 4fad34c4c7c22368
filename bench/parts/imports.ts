// Rows of CSV through a transform map with coalesce: first all new, then the same file again with every second row changed. Rows a
// second, and how much memory the process grew by, which must not follow the length of the file.
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { readSettings } from '../../src/config.ts';
import { startInstance } from '../../src/instance.ts';
import { systemClock } from '../../src/kit/clock.ts';
import { systemCaller } from '../../src/records/caller.ts';
import type { Bench, EngineName, Part, Row } from '../part.ts';

const csv = (count: number, changed: boolean): string =>
  `Key,Text,Category,Opened\n${Array.from(
    { length: count },
    (_, at) =>
      `ext-${at},"Printer ${at} ${changed && at % 2 === 0 ? 'still ' : ''}on fire",network,${(at % 28) + 1}/11/2026 08:00\n`,
  ).join('')}`;

const entries: readonly Readonly<Record<string, string>>[] = [
  { source_field: 'u_key', target_field: 'correlation_id', coalesce: 'true' },
  { source_field: 'u_text', target_field: 'short_description' },
  { source_field: 'u_category', target_field: 'category' },
  { source_field: 'u_opened', target_field: 'opened_at', date_format: 'd/MM/yyyy HH:mm' },
];

const measure = async (bench: Bench, engine: EngineName): Promise<Row[]> => {
  const place = await bench.newPlace(engine);
  await mkdir(place.folder, { recursive: true });
  const settings = readSettings(
    { port: '0', data: join(place.folder, 'data'), database: place.database, adminPassword: place.adminPassword },
    {},
  );
  const instance = await startInstance({ settings, clock: systemClock, random: Math.random });
  try {
    const { records } = instance;
    const map = await records.insert(systemCaller, 'sys_transform_map', {
      name: 'Bench',
      source_table: 'u_bench',
      target_table: 'incident',
    });
    for (const entry of entries) await records.insert(systemCaller, 'sys_transform_entry', { map: map.sysId, ...entry });
    const authorization = `Basic ${Buffer.from(`admin:${place.adminPassword}`).toString('base64')}`;
    const count = bench.isQuick ? 10_000 : 100_000;

    const run = async (id: string, title: string, text: string): Promise<Row> => {
      globalThis.gc?.();
      const before = process.memoryUsage().rss;
      let most = before;
      const began = performance.now();
      const url = `${instance.localUrl}/api/causeway/imports?table=u_bench&file_name=bench.csv`;
      const said = await fetch(url, { method: 'POST', body: text, headers: { authorization } });
      if (said.status !== 202) throw new Error(await said.text());
      const { result } = (await said.json()) as { result: { sys_id: string } };
      for (;;) {
        const [job] = await records.findBy('sys_import_job', { sys_id: result.sys_id });
        most = Math.max(most, process.memoryUsage().rss);
        if (job?.state === 'complete') break;
        if (job?.state === 'failed') throw new Error(job.message);
        await wait(50);
      }
      const seconds = (performance.now() - began) / 1000;
      const value = count / seconds;
      bench.say(`${engine} ${title}: ${Math.round(value)} rows/s, ${Math.round((most - before) / 1_048_576)} MiB more`);
      return { id, title, engine, value, detail: { rows: count, seconds, grownMiB: (most - before) / 1_048_576 } };
    };
    return [
      await run('imports_insert', 'rows a second of CSV, all new', csv(count, false)),
      await run('imports_update', 'rows a second of CSV, half of them changed', csv(count, true)),
    ];
  } finally {
    await instance.stop();
  }
};

export const imports: Part = {
  name: 'imports',
  async run(bench) {
    const rows: Row[] = [];
    for (const engine of bench.engines) rows.push(...(await measure(bench, engine)));
    return rows;
  },
};
