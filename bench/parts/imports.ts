// Rows of CSV through a transform map with coalesce: first all new, then the same file again with every second row changed, and changed
// back. Rows a second, and the memory of the instance, which must not follow what was imported.
import { setTimeout as wait } from 'node:timers/promises';
import type { Bench, EngineName, Part, Row } from '../part.ts';
import { type Causeway, startCauseway } from '../servers/causeway.ts';

const csv = (from: number, to: number, isAgain: boolean): string => {
  const lines = ['Key,Text,Category,Opened'];
  for (let n = from; n < to; n += 1) {
    const still = isAgain && n % 2 === 0 ? 'still ' : '';
    lines.push(`ext-${n},"Printer ${n} ${still}on fire",network,${(n % 28) + 1}/11/2026 08:00`);
  }
  return `${lines.join('\n')}\n`;
};

const entries: readonly Readonly<Record<string, string>>[] = [
  { source_field: 'u_key', target_field: 'correlation_id', coalesce: 'true' },
  { source_field: 'u_text', target_field: 'short_description' },
  { source_field: 'u_category', target_field: 'category' },
  { source_field: 'u_opened', target_field: 'opened_at', date_format: 'd/MM/yyyy HH:mm' },
];

const makeMap = async ({ table }: Causeway): Promise<void> => {
  const map = await table.create('sys_transform_map', { name: 'Bench', source_table: 'u_bench', target_table: 'incident' });
  for (const entry of entries) await table.create('sys_transform_entry', { map: map.sys_id ?? '', ...entry });
};

/** Uploads a file and waits for the end of the job that it became. */
const importFile = async (
  server: Causeway,
  authorization: string,
  text: string,
): Promise<{ seconds: number; mostMiB: number }> => {
  const startedAt = performance.now();
  let mostMiB = 0;
  const url = `http://127.0.0.1:${server.port}/api/causeway/imports?table=u_bench&file_name=bench.csv`;
  const said = await fetch(url, { method: 'POST', body: text, headers: { authorization } });
  if (said.status !== 202) throw new Error(`the import was answered with ${said.status}: ${await said.text()}`);
  const { result } = (await said.json()) as { result: { sys_id: string } };
  for (;;) {
    const [job] = await server.table.list('sys_import_job', `sys_id=${result.sys_id}`);
    mostMiB = Math.max(mostMiB, server.memoryMiB() ?? Number.NaN);
    if (job?.state === 'complete') return { seconds: (performance.now() - startedAt) / 1000, mostMiB };
    if (job?.state === 'failed') throw new Error(`the import failed: ${job.message}`);
    // Far enough apart that the asking costs nothing.
    await wait(250);
  }
};

async function* measure(bench: Bench, engine: EngineName): AsyncGenerator<Row> {
  const place = await bench.newPlace(engine);
  const server = await startCauseway(place);
  try {
    await makeMap(server);
    const authorization = `Basic ${Buffer.from(`admin:${place.adminPassword}`).toString('base64')}`;
    const count = bench.isQuick ? 10_000 : 100_000;
    const few = count / 10;
    bench.say(`importing ${count} rows of CSV on ${engine}`);
    const first = await importFile(server, authorization, csv(0, few, false));
    const row = (id: string, title: string, { seconds, mostMiB }: { seconds: number; mostMiB: number }): Row => ({
      id,
      title,
      engine,
      unit: 'rows/s',
      value: count / seconds,
      detail: { rows: count, seconds, perSecond: count / seconds, mostMiB },
    });
    const fresh = await importFile(server, authorization, csv(few, few + count, false));
    yield row('imports_insert', 'rows of CSV a second, all new', fresh);
    const again = await importFile(server, authorization, csv(few, few + count, true));
    yield row('imports_update', 'rows of CSV a second, half of them changed', again);
    // The heap of the runtime grows with the work until it has found its size: whether anything is kept of the rows shows after that.
    const last = await importFile(server, authorization, csv(few, few + count, false));
    const detail = { firstFewMiB: first.mostMiB, newMiB: fresh.mostMiB, changedMiB: again.mostMiB, changedBackMiB: last.mostMiB };
    const memory = (id: string, title: string, value: number): Row => ({ id, title, engine, value, isLessBetter: true, detail });
    yield memory('imports_memory', `memory at most, importing ${count} rows / the first ${few}`, fresh.mostMiB / first.mostMiB);
    yield memory('imports_memory_again', `memory at most, the third ${count} rows / the second`, last.mostMiB / again.mostMiB);
  } finally {
    await server.stop();
  }
}

export const imports: Part = {
  name: 'imports',
  about: 'CSV through a transform map with coalesce: rows a second, and memory',
  run: measure,
};
