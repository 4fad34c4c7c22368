// Short stand-ins for queries that no address can hold (data_api.md §4.4).
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { forEachEngine } from '../../parts/engines.ts';
import { type RunningInstance, runInstance } from '../../parts/running_instance.ts';

const json = { 'content-type': 'application/json' };

forEachEngine((engine) => {
  let running: RunningInstance;
  const ask: RunningInstance['ask'] = (path, options) => running.ask(path, options);
  const shorten = (url: unknown) => ask('/api/now/tinyurl', { headers: json, body: JSON.stringify({ url }) });

  before(async () => {
    running = await runInstance(engine);
  });
  after(() => running.stop());

  test('a long query is kept under a key, and answers the same under it', async () => {
    const ids = Array.from({ length: 300 }, (_, at) => at.toString(16).padStart(32, '0'));
    const query = `sysparm_query=${encodeURIComponent(`sys_idIN${ids.join(',')}^ORstate=2^ORDERBYnumber`)}&sysparm_fields=number`;
    const short = await shorten(`incident_list.do?${query}`);
    assert.equal(short.status, 200, short.text);
    assert.match(short.json.result, /^incident_list\.do\?sysparm_tiny=[0-9a-f]{32}$/);
    const key = short.json.result.split('=')[1];
    const long = await ask(`/api/now/table/incident?${query}`);
    const tiny = await ask(`/api/now/table/incident?sysparm_tiny=${key}`);
    assert.deepEqual([tiny.status, tiny.json], [200, long.json]);
    assert.ok(long.json.result.length > 0, 'the query finds nothing: this test would prove nothing');
    const limited = await ask(`/api/now/table/incident?sysparm_limit=1&sysparm_tiny=${key}`);
    assert.equal(limited.json.result.length, 1);
    const counted = await ask(`/api/now/stats/incident?sysparm_count=true&sysparm_tiny=${key}`);
    assert.equal(counted.json.result.stats.count, String(long.json.result.length));
  });

  test('the address may be whole, and two askers get two keys', async () => {
    const url = `${running.instance.baseUrl}/api/now/table/incident?sysparm_limit=1`;
    const [one, two] = [await shorten(url), await shorten(url)];
    assert.match(one.json.result, new RegExp(`^${running.instance.baseUrl}/api/now/table/incident\\?sysparm_tiny=[0-9a-f]{32}$`));
    assert.notEqual(one.json.result, two.json.result);
  });

  test('a key that nobody made is refused, for without its query every row would be answered', async () => {
    for (const key of ['0'.repeat(32), 'x', "'; DROP TABLE incident;--", '%00', '__proto__']) {
      const said = await ask(`/api/now/table/incident?sysparm_tiny=${encodeURIComponent(key)}`);
      assert.equal(said.status, 400, key);
    }
    assert.equal((await ask('/api/now/table/incident?sysparm_tiny=&sysparm_limit=1')).status, 200);
  });

  test('what is no address is refused', async () => {
    for (const url of ['', undefined, null, 'incident_list.do?sysparm_query=%ff', `x?${'a'.repeat(200_001)}`]) {
      assert.equal((await shorten(url)).status, 400, String(url).slice(0, 40));
    }
  });
});
