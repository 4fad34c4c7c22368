// What connectors ask before they ask for rows: tables, columns, the caller (data_api.md §4.4).
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { forEachEngine } from '../../parts/engines.ts';
import { basic, type RunningInstance, runInstance } from '../../parts/running_instance.ts';

const json = { 'content-type': 'application/json' };
const authorization = basic('meta.reader', 'a long enough one');

forEachEngine((engine) => {
  let running: RunningInstance;
  const ask: RunningInstance['ask'] = (path, options) => running.ask(path, options);

  before(async () => {
    running = await runInstance(engine);
    const body = JSON.stringify({
      user_name: 'meta.reader',
      user_password: 'a long enough one',
      first_name: 'Meta',
      last_name: 'Reader',
    });
    assert.equal((await ask('/api/now/table/sys_user', { headers: json, body })).status, 201);
  });
  after(() => running.stop());

  test('the picker list names every table that the caller may read, and no other', async () => {
    const values = async (options = {}) =>
      (await ask('/api/now/doc/table/schema', options)).json.result.map((entry: { value: string }) => entry.value);
    const forAdmin = await values();
    assert.ok(forAdmin.includes('incident') && forAdmin.includes('sys_audit'));
    const forReader = await values({ authorization });
    assert.ok(forReader.includes('sys_user_group') && !forReader.includes('sys_audit'));
    const [entry] = (await ask('/api/now/doc/table/schema')).json.result;
    assert.deepEqual(Object.keys(entry).sort(), [
      'image',
      'label',
      'missing',
      'rawLabel',
      'reference',
      'selected',
      'sequence',
      'used',
      'value',
    ]);
  });

  test('a table tells its columns, with choices and what references lead to', async () => {
    for (const path of ['/api/now/ui/meta/incident', '/api/now/doc/table/schema/incident']) {
      const { columns } = (await ask(path)).json.result;
      const { number, caller_id: callerId, state } = columns;
      assert.deepEqual([number.name, number.label, number.type, number.max_length], ['number', 'Number', 'string', 40]);
      assert.deepEqual([callerId.type, callerId.reference, callerId.reference_display_field], ['reference', 'sys_user', 'name']);
      assert.equal(state.type, 'choice');
      assert.equal(state.internal_type, 'integer');
      assert.ok(
        state.choices.some((choice: { value: string; label: string }) => choice.value === '2' && choice.label === 'In Progress'),
      );
      assert.equal(columns.sys_mod_count.read_only, true);
    }
  });

  test('columns that the caller may not read are not described, nor tables', async () => {
    const closed = await ask('/api/now/ui/meta/sys_audit', { authorization });
    assert.deepEqual([closed.status, closed.json.error.message], [403, 'Insufficient rights to query records']);
    for (const name of ['nope', '__proto__', 'constructor']) {
      const unknown = await ask(`/api/now/ui/meta/${name}`);
      assert.deepEqual([unknown.status, unknown.json.error.message], [400, `Invalid table ${name}`]);
    }
  });

  test('a table made a moment ago is there', async () => {
    const body = JSON.stringify({ name: `u_meta_${engine.name}`, label: 'Meta' });
    assert.equal((await ask('/api/now/table/sys_db_object', { headers: json, body })).status, 201);
    assert.equal((await ask(`/api/now/ui/meta/u_meta_${engine.name}`)).status, 200);
  });

  test('the caller is told who he is', async () => {
    const { result } = (await ask('/api/now/ui/user/current_user', { authorization })).json;
    assert.match(result.user_sys_id, /^[0-9a-f]{32}$/);
    assert.deepEqual([result.user_name, result.user_display_name, result.user_initials], ['meta.reader', 'Meta Reader', 'MR']);
    const xml = await ask('/api/now/ui/user/current_user', { authorization, headers: { accept: 'text/xml' } });
    assert.match(xml.text, /<response><result><user_sys_id>/);
  });
});
