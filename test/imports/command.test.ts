// `causeway import` against a running instance.
import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { type Engine, engines } from '../parts/engines.ts';
import { adminPassword, runInstance } from '../parts/running_instance.ts';
import { speakCommand } from '../parts/spoken_command.ts';

const speak = async (args: readonly string[], instance: string): Promise<{ code: number; out: string; complaints: string }> => {
  const {
    code,
    out,
    err: complaints,
  } = await speakCommand(args, {
    environment: { CAUSEWAY_INSTANCE: instance, CAUSEWAY_USER: 'admin', CAUSEWAY_PASSWORD: adminPassword },
    wait: (delayMs) => new Promise((resolve) => setTimeout(resolve, Math.min(delayMs, 20))),
  });
  return { code, out, complaints };
};

describe('causeway import', () => {
  it('rehearses, then imports, and ends with a code that says whether rows were refused', async (t) => {
    const running = await runInstance(engines[0] as Engine);
    t.after(running.stop);
    const folder = await mkdtemp(join(tmpdir(), 'causeway-import-'));
    t.after(() => rm(folder, { recursive: true, force: true }));
    const file = join(folder, 'people.csv');
    await writeFile(file, 'Login,Zone\nann,UTC\nbob,Mars\n');
    const url = running.instance.baseUrl;
    const put = async (table: string, values: Record<string, string>) =>
      (
        await running.ask(`/api/now/table/${table}`, {
          body: JSON.stringify(values),
          headers: { 'content-type': 'application/json' },
        })
      ).json.result.sys_id as string;
    const map = await put('sys_transform_map', { name: 'People', source_table: 'u_people', target_table: 'sys_user' });
    await put('sys_transform_entry', { map, source_field: 'u_login', target_field: 'user_name', coalesce: 'true' });
    await put('sys_transform_entry', { map, source_field: 'u_zone', target_field: 'time_zone' });

    const rehearsed = await speak(['import', file, '--table', 'u_people', '--map', 'people', '--dry-run'], url);
    assert.equal(rehearsed.code, 3, rehearsed.complaints);
    assert.match(
      rehearsed.out,
      /1 would be inserted, 0 would be updated, 0 would be ignored, 0 would be skipped, 1 would be refused/,
    );
    assert.match(rehearsed.out, /row 2.*Time zone/);

    const imported = await speak(['import', file, '--table', 'u_people', '--map', 'People'], url);
    assert.equal(imported.code, 3, imported.complaints);
    assert.match(imported.out, /2 rows loaded/);
    assert.match(imported.out, /1 inserted, 0 updated, 0 ignored, 0 skipped, 1 refused/);

    const wrong = await speak(['import', file, '--table', 'u_people', '--map', 'No such map'], url);
    assert.equal(wrong.code, 1);
    assert.match(wrong.complaints, /There is no transform map/);
    const absent = await speak(['import', join(folder, 'absent.csv'), '--table', 'u_people'], url);
    assert.equal(absent.code, 1);
    assert.match(absent.complaints, /cannot be read/);
  });
});
