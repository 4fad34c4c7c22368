// A real process is killed in the middle of a background import, another is started on the same data, and every row is there once.
import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { systemClock } from '../../src/kit/clock.ts';
import { openStore } from '../../src/store/open_store.ts';
import { type Engine, forEachEngine } from '../parts/engines.ts';
import { type InstanceProcess, startProcess } from '../parts/instance_process.ts';
import { madeInstance } from '../parts/made_instance.ts';
import { adminPassword, makeClient } from '../parts/running_instance.ts';
import { untilTrue } from '../parts/until_true.ts';

const rows = 1_500;
const csv = `Key,Text\n${Array.from({ length: rows }, (_, at) => `crash-${at},"Row, ${at}"\n`).join('')}`;
const json = { 'content-type': 'application/json' };
const takenUpWithinMs = 60_000;

/** Looks into the database, because the process that is to be killed has no time to answer. */
const killInTheMiddle = async (location: string, running: InstanceProcess): Promise<void> => {
  const store = await openStore({ location, clock: systemClock, random: Math.random });
  const begun = `SELECT 1 FROM sys_import_job WHERE state = 'running' AND rows_done > 0`;
  const over = `SELECT state FROM sys_import_job WHERE state IN ('complete', 'failed')`;
  try {
    await untilTrue(async () => {
      assert.deepEqual(await store.read(over), [], 'it was over before it could be killed');
      return (await store.read(begun)).length === 1;
    });
    await running.kill();
    // The dead process holds the job for half a minute more, and nothing else would happen in it.
    const ended = await store.write((transaction) =>
      transaction.run(`UPDATE sys_import_job SET lease_until = '2001-01-01 00:00:00' WHERE state = 'running'`),
    );
    assert.equal(ended, 1);
  } finally {
    await store.close();
  }
};

const crashAndGoOn = async (engine: Engine, data: string): Promise<void> => {
  const { location, drop } = await madeInstance(engine);
  const environment = { CAUSEWAY_ADMIN_PASSWORD: adminPassword };
  const start = () => startProcess(['start', '--port', '0', '--data', data, '--database', location], environment);
  let running = await start();
  try {
    let ask = makeClient(running.baseUrl);
    const put = async (table: string, values: Record<string, string>): Promise<string> => {
      const said = await ask(`/api/now/table/${table}`, { body: JSON.stringify(values), headers: json });
      assert.equal(said.status, 201, said.text);
      return said.json.result.sys_id;
    };
    // No coalesce: a row that is done twice would be two incidents.
    const map = await put('sys_transform_map', { name: 'Crash', source_table: 'u_crash', target_table: 'incident' });
    await put('sys_transform_entry', { map, source_field: 'u_key', target_field: 'correlation_id' });
    await put('sys_transform_entry', { map, source_field: 'u_text', target_field: 'short_description' });
    const begun = await ask('/api/causeway/imports?table=u_crash&file_name=crash.csv', { body: csv });
    assert.equal(begun.status, 202, begun.text);
    const job = begun.json.result.sys_id;
    // biome-ignore lint/suspicious/noExplicitAny: an answer of the API
    const look = async (): Promise<any> => (await ask(`/api/causeway/imports/${job}`)).json.result;
    const until = async (isTrue: (job: Awaited<ReturnType<typeof look>>) => boolean) => {
      const lastAt = performance.now() + takenUpWithinMs;
      for (let now = await look(); ; now = await look()) {
        if (isTrue(now)) return now;
        assert.ok(performance.now() < lastAt, JSON.stringify(now));
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    };
    await killInTheMiddle(location, running);
    running = await start();
    ask = makeClient(running.baseUrl);
    const done = await until(({ state }) => ['complete', 'failed', 'cancelled'].includes(state));
    assert.deepEqual([done.state, done.rows_loaded, done.rows_done], ['complete', rows, rows], done.message);
    assert.deepEqual([done.runs[0].inserts, done.runs[0].errors], [rows, 0]);
    const query = 'sysparm_query=correlation_idSTARTSWITHcrash-&sysparm_fields=correlation_id&sysparm_limit=10000';
    const made: { correlation_id: string }[] = (await ask(`/api/now/table/incident?${query}`)).json.result;
    assert.equal(made.length, rows);
    assert.equal(new Set(made.map((incident) => incident.correlation_id)).size, rows);
  } finally {
    await running.kill();
    await drop();
  }
};

forEachEngine((engine) => {
  describe('an import whose process is killed', () => {
    test('goes on in the next process, and every row is there once', { timeout: 180_000 }, async (t) => {
      const data = await mkdtemp(join(tmpdir(), 'causeway-crash-'));
      t.after(() => rm(data, { recursive: true, force: true }));
      await crashAndGoOn(engine, data);
    });
  });
});
