// The CMDB Instance API over real HTTP, on both engines, as ansible's modules use it: items with their relations, made and undone.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { forEachEngine } from '../../parts/engines.ts';
import { basic, type RunningInstance, runInstance } from '../../parts/running_instance.ts';

const headers = { accept: 'application/json', 'content-type': 'application/json' };
const api = '/api/now/cmdb/instance';

forEachEngine((engine) => {
  let running: RunningInstance;
  let runsOn = '';
  const ask: RunningInstance['ask'] = (path, options) => running.ask(path, options);
  const send = (path: string, body: unknown, method = 'POST') => ask(path, { method, headers, body: JSON.stringify(body) });
  const make = async (attributes: Record<string, unknown>, more: object = {}, table = 'cmdb_ci_linux_server') => {
    const said = await send(`${api}/${table}`, { attributes, source: 'ServiceNow', ...more });
    assert.equal(said.status, 201, said.text);
    return said.json.result;
  };
  const count = async (table: string) => (await ask(`/api/now/table/${table}?sysparm_limit=1`)).headers.get('x-total-count');

  before(async () => {
    running = await runInstance(engine);
    [{ sys_id: runsOn }] = (await ask('/api/now/table/cmdb_rel_type?name=Runs%20on::Runs')).json.result;
  });
  after(() => running.stop());

  test('an item is made with its relations, and each of the two sees them from its side', async () => {
    const host = await make({ name: 'host', assigned_to: '6816f79cc0a8016401c5a33be04be441' });
    const { attributes } = host;
    assert.deepEqual([attributes.name, attributes.sys_class_name, attributes.ram], ['host', 'cmdb_ci_linux_server', '']);
    assert.deepEqual([attributes.discovery_source, attributes.first_discovered], ['ServiceNow', attributes.last_discovered]);
    assert.equal(attributes.assigned_to.display_value, 'System Administrator');
    assert.deepEqual([host.outbound_relations, host.inbound_relations], [[], []]);

    const relation = { type: runsOn, target: attributes.sys_id };
    const guest = await make({ name: 'guest' }, { outbound_relations: [relation] });
    const base = running.instance.baseUrl;
    const [out] = guest.outbound_relations;
    assert.deepEqual(out, {
      sys_id: out.sys_id,
      type: { display_value: 'Runs on::Runs', link: `${base}/api/now/table/cmdb_rel_type/${runsOn}`, value: runsOn },
      target: { display_value: 'host', link: `${base}${api}/cmdb_ci/${attributes.sys_id}`, value: attributes.sys_id },
    });
    const seen = (await ask(`${api}/cmdb_ci_linux_server/${attributes.sys_id}`)).json.result;
    assert.deepEqual(
      seen.inbound_relations.map((each: { target: { display_value: string } }) => each.target.display_value),
      ['guest'],
    );

    const gone = await ask(`${api}/cmdb_ci/${attributes.sys_id}/relation/${out.sys_id}`, { method: 'DELETE' });
    assert.deepEqual([gone.status, gone.text], [204, '']);
    assert.deepEqual((await ask(`${api}/cmdb_ci/${attributes.sys_id}`)).json.result.inbound_relations, []);
    const added = await send(`${api}/cmdb_ci/${attributes.sys_id}/relation`, {
      inbound_relations: [{ ...relation, target: guest.attributes.sys_id }],
    });
    assert.deepEqual([added.status, added.json.result.inbound_relations.length], [201, 1]);
  });

  test('attributes are changed by PATCH and PUT, which leave the others alone', async () => {
    const { attributes } = await make({ name: 'changed', ip_address: '10.0.0.1' });
    const path = `${api}/cmdb_ci_linux_server/${attributes.sys_id}`;
    for (const method of ['PATCH', 'PUT']) {
      const said = await send(path, { attributes: { name: `by ${method}` }, source: 'Other' }, method);
      const { name, ip_address, discovery_source } = said.json.result.attributes;
      assert.deepEqual([said.status, name, ip_address, discovery_source], [200, `by ${method}`, '10.0.0.1', 'Other']);
    }
  });

  test('the list names items of the class and of those below, filtered, counted and linked', async () => {
    const { attributes } = await make({ name: 'esx', sys_class_name: 'cmdb_ci_esx_server' }, {}, 'cmdb_ci_server');
    assert.equal(attributes.sys_class_name, 'cmdb_ci_esx_server');
    const said = await ask(`${api}/cmdb_ci_server?sysparm_query=name=esx&sysparm_limit=1`, { headers });
    assert.deepEqual(said.json.result, [{ sys_id: attributes.sys_id, name: 'esx' }]);
    assert.equal(said.headers.get('x-total-count'), '1');
    assert.match(said.headers.get('link') ?? '', /\/api\/now\/cmdb\/instance\/cmdb_ci_server\?sysparm_query=name%3Desx&/);
    const xml = await ask(`${api}/cmdb_ci_server?sysparm_query=name=esx`, { headers: { accept: 'application/xml' } });
    assert.match(xml.text, /<response><result><sys_id>\w{32}<\/sys_id><name>esx<\/name><\/result><\/response>$/);
  });

  test('who may not write items may read them', async () => {
    const name = `cmdb.${engine.name}`;
    assert.equal((await send('/api/now/table/sys_user', { user_name: name, user_password: 'a long enough one' })).status, 201);
    const authorization = basic(name, 'a long enough one');
    assert.equal((await ask(`${api}/cmdb_ci_linux_server`, { authorization })).status, 200);
    const refused = await ask(`${api}/cmdb_ci_linux_server`, { authorization, headers, body: '{"attributes":{"name":"x"}}' });
    assert.equal(refused.status, 403);
  });

  test('what makes no sense is refused, and nothing stays of it', async () => {
    const { attributes } = await make({ name: 'alone' });
    const before = [await count('cmdb_ci'), await count('cmdb_rel_ci')];
    const item = `${api}/cmdb_ci/${attributes.sys_id}`;
    const none = { type: runsOn, target: '0'.repeat(32) };
    const wrong: ReadonlyArray<readonly [path: string, body: unknown, status: number, method?: string]> = [
      [`${api}/incident`, {}, 400],
      [`${api}/__proto__`, {}, 400],
      [`${api}/cmdb_ci`, [], 400],
      [`${api}/cmdb_ci`, { attributes: [] }, 400],
      [`${api}/cmdb_ci`, { attributes: { name: 'x' }, source: {} }, 400],
      [`${api}/cmdb_ci`, { attributes: { name: 'x\0' } }, 400],
      [`${api}/cmdb_ci`, { attributes: { name: 'x' }, outbound_relations: {} }, 400],
      [`${api}/cmdb_ci`, { attributes: { name: 'x' }, outbound_relations: [null] }, 400],
      [`${api}/cmdb_ci`, { attributes: { name: 'x' }, outbound_relations: [none] }, 400],
      [`${api}/cmdb_ci`, { attributes: { name: 'x' }, inbound_relations: [{ ...none, type: '__proto__' }] }, 400],
      [`${item}/relation`, { outbound_relations: [none] }, 400],
      [`${item}/relation/${'0'.repeat(32)}`, {}, 404, 'DELETE'],
      [`${api}/cmdb_ci/${'0'.repeat(32)}`, { attributes: { name: 'x' } }, 404, 'PATCH'],
      [`${api}/cmdb_ci/${'0'.repeat(32)}/relation`, {}, 404],
      [`${api}/cmdb_ci_esx_server/${attributes.sys_id}`, { attributes: { name: 'x' } }, 404, 'PUT'],
      [item, {}, 405, 'DELETE'],
    ];
    for (const [path, body, status, method] of wrong) {
      const said = await send(path, body, method);
      assert.equal(said.status, status, `${method ?? 'POST'} ${path} ${JSON.stringify(body)}: ${said.text}`);
    }
    assert.equal((await ask(`${api}/cmdb_ci/nope`)).status, 404);
    assert.deepEqual([await count('cmdb_ci'), await count('cmdb_rel_ci')], before);
  });
});
