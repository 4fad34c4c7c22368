// terraform-provider-servicenow: JSONv2 with flat records, writes by query, and a status in each record.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { basic } from '../../parts/running_instance.ts';
import { headers, tellClient } from './part.ts';

tellClient(({ ask, engine }) => {
  const post = (path: string, body: unknown) => ask(path, { method: 'POST', headers, body: JSON.stringify(body) });

  test('a resource is created, read, changed and destroyed', async () => {
    const made = await post('/sys_user_group.do?JSONv2&sysparm_action=insert&sysparm_record_scope=global', {
      name: `terraformed ${engine.name}`,
      description: 'by plan',
      manager: '6816f79cc0a8016401c5a33be04be441',
    });
    assert.equal(made.status, 200, made.text);
    const [record] = made.json.records;
    assert.deepEqual(
      [made.json.records.length, record.__status, record.manager, record.description],
      [1, 'success', '6816f79cc0a8016401c5a33be04be441', 'by plan'],
    );
    const byId = `/sys_user_group.do?JSONv2&sysparm_query=sys_id=${record.sys_id}`;
    assert.deepEqual((await ask(byId, { headers })).json.records, [record]);

    const changed = await post(`/sys_user_group.do?JSONv2&sysparm_action=update&sysparm_query=sys_id=${record.sys_id}`, {
      description: 'by another plan',
    });
    assert.equal(changed.json.records[0].description, 'by another plan');
    const gone = await post(`/sys_user_group.do?JSONv2&sysparm_action=deleteRecord&sysparm_sys_id=${record.sys_id}`, {});
    assert.deepEqual(gone.json.records, [{ sys_id: record.sys_id, __status: 'success' }]);
    assert.deepEqual((await ask(byId, { headers })).json, { records: [] });
  });

  test('keys, one record, display values and their twins', async () => {
    const base = '/incident.do?JSONv2&sysparm_query=ORDERBYnumber&sysparm_record_count=2';
    const keys = (await ask(`${base}&sysparm_action=getKeys`, { headers })).json.records;
    assert.equal(keys.length, 2);
    const [one] = (await ask(`/incident.do?JSONv2&sysparm_action=get&sysparm_sys_id=${keys[0]}`)).json.records;
    assert.equal(one.sys_id, keys[0]);
    const [all] = (await ask(`${base}&displayvalue=all`)).json.records;
    const [shown] = (await ask(`${base}&displayvalue=true`)).json.records;
    assert.equal(all.dv_caller_id, shown.caller_id);
    assert.equal(all.caller_id, one.caller_id);
  });

  test('a write that names no record, or names them in a way nobody understands, changes nothing', async () => {
    const count = async () => (await ask('/api/now/stats/incident?sysparm_count=true')).json.result.stats.count;
    const all = await count();
    for (const [query, status] of [
      ['', 400],
      ['&sysparm_query=', 400],
      ['&sysparm_sys_id=', 400],
      ['&sysparm_query=no_such_field=1', 200],
      ['&sysparm_query=nonsense', 200],
      ['&sysparm_sys_id=x%5EORactive=true', 200],
      ['&sysparm_query=number=none%5Enonsense', 200],
    ] as const) {
      for (const action of ['deleteRecord', 'deleteMultiple', 'update']) {
        const said = await post(`/incident.do?JSONv2&sysparm_action=${action}${query}`, { short_description: 'widened' });
        assert.equal(said.status, status, `${action}${query}: ${said.text}`);
        if (status === 200) assert.deepEqual(said.json, { records: [] });
      }
    }
    assert.equal(await count(), all);
    assert.deepEqual((await ask('/api/now/table/incident?short_description=widened')).json.result, []);
  });

  test('many records are made and removed by one call, and each says how it went', async () => {
    const path = '/sys_user_group_list.do?JSONv2&sysparm_action=';
    const names = ['one', 'two'].map((word) => `by the dozen ${engine.name} ${word}`);
    const sys_id = 'b'.repeat(32);
    const records = [{ name: names[0], sys_id }, { name: names[1] }, { name: 'again', sys_id }];
    const made = await post(`${path}insertMultiple`, { records });
    assert.deepEqual(
      made.json.records.map((record: Record<string, unknown>) => [record.name, record.__status]),
      [
        [names[0], 'success'],
        [names[1], 'success'],
        [undefined, 'failure'],
      ],
      made.text,
    );
    assert.equal(typeof made.json.records[2].__error.message, 'string');
    for (const body of [[], {}, { records: 'x' }, { records: [null] }, { records: [{ name: 'none' }, 1] }, '"x"', null]) {
      assert.equal((await post(`${path}insertMultiple`, body)).status, 400, JSON.stringify(body));
    }
    const query = `nameSTARTSWITHby the dozen ${engine.name}`;
    const gone = await post(`${path}deleteMultiple`, { sysparm_query: query });
    assert.equal(gone.json.records.length, 2);
    assert.deepEqual((await ask(`${path}getRecords&sysparm_query=${encodeURIComponent(query)}`)).json, { records: [] });
  });

  test('a table whose name ends as lists do is itself', async () => {
    const made = await ask('/api/now/table/sys_db_object', { headers, body: '{"name":"u_price_list","label":"Prices"}' });
    assert.equal(made.status, 201, made.text);
    for (const name of ['u_price_list', 'u_price_list_list']) {
      assert.deepEqual((await ask(`/${name}.do?JSONv2`)).json, { records: [] }, name);
    }
    assert.equal((await ask('/u_price.do?JSONv2')).status, 400);
  });

  test('rights are those of the Table API, and reading by GET never writes', async () => {
    const made = await ask('/api/now/table/sys_user', {
      headers,
      body: '{"user_name":"tf.reader","user_password":"a long enough one","last_name":"T"}',
    });
    assert.equal(made.status, 201);
    const authorization = basic('tf.reader', 'a long enough one');
    assert.equal((await ask('/sys_audit.do?JSONv2', { authorization })).status, 403);
    const insert = '/sys_user_group.do?JSONv2&sysparm_action=insert';
    assert.equal((await ask(insert, { authorization, headers, body: '{"name":"x"}' })).status, 403);
    assert.equal((await ask(insert)).status, 400);
    assert.equal((await ask('/incident.do?JSONv2', { authorization: '' })).status, 401);
    assert.equal((await ask('/incident.do?sysparm_query=active=true')).status, 404);
    assert.equal((await ask('/nope.do?JSONv2')).status, 400);
    assert.equal((await ask('/__proto__.do?JSONv2')).status, 400);
  });
});
