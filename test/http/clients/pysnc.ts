// PySNC (the vendor's Python client): both values everywhere, a mandatory count, long queries through the batch, files with a Location.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { headers, tellClient } from './part.ts';

const page =
  'sysparm_display_value=all&sysparm_exclude_reference_link=true&sysparm_suppress_pagination_header=true&sysparm_limit=100';

tellClient(({ ask, running, engine }) => {
  test('every field holds value and display value, and no link', async () => {
    const said = await ask(`/api/now/table/sys_user?sysparm_query=user_name%3Dadmin%5EORDERBYsys_id&sysparm_offset=0&${page}`, {
      headers,
    });
    assert.equal(said.headers.get('x-total-count'), '1');
    assert.equal(said.headers.get('link'), null);
    const [admin] = said.json.result;
    assert.equal(admin.sys_id.value, '6816f79cc0a8016401c5a33be04be441');
    for (const [name, field] of Object.entries(admin)) {
      assert.deepEqual(Object.keys(field as object).sort(), ['display_value', 'value'], name);
      for (const text of Object.values(field as object)) assert.equal(typeof text, 'string', name);
    }
    assert.equal(admin.user_password.display_value, '********');
  });

  test('insert, update and delete have the statuses it checks', async () => {
    const made = await ask(`/api/now/table/incident?${page}`, {
      headers,
      body: '{"short_description":"pysnc","state":"2","unknown":"x"}',
    });
    assert.deepEqual([made.status, made.json.result.state], [201, { display_value: 'In Progress', value: '2' }]);
    const path = `/api/now/table/incident/${made.json.result.sys_id.value}`;
    const changed = await ask(`${path}?${page}`, { method: 'PATCH', headers, body: '{"short_description":"again"}' });
    assert.deepEqual([changed.status, changed.json.result.short_description.value], [200, 'again']);
    assert.equal((await ask(path, { method: 'DELETE', headers })).status, 204);
    assert.equal((await ask(`${path}?${page}`, { headers })).status, 404);
  });

  test('a sys_id it chooses is kept', async () => {
    const sysId = `${engine.name === 'sqlite' ? 'a' : 'b'}${'0123456789abcdef'.repeat(2)}`.slice(0, 32);
    const made = await ask(`/api/now/table/incident?${page}`, {
      headers,
      body: JSON.stringify({ sys_id: sysId, short_description: 'x' }),
    });
    assert.equal(made.json.result.sys_id.value, sysId);
  });

  test('a query longer than ten kilobytes goes through the batch', async () => {
    const ids = Array.from({ length: 400 }, (_, at) => at.toString(16).padStart(32, '0')).join(',');
    const url = `/api/now/table/incident?sysparm_query=${encodeURIComponent(`sys_idIN${ids}^ORactive=true^ORDERBYsys_id`)}&${page}&sysparm_offset=0`;
    assert.ok(url.length > 10_000);
    const said = await ask('/api/now/v1/batch', {
      headers,
      body: JSON.stringify({
        batch_request_id: 1,
        rest_requests: [
          {
            id: '1',
            method: 'GET',
            url,
            headers: [{ name: 'Accept', value: 'application/json' }],
            exclude_response_headers: false,
          },
        ],
      }),
    });
    assert.equal(said.json.batch_request_id, '1');
    const [served] = said.json.serviced_requests;
    assert.equal(served.status_code, 200);
    const { result } = JSON.parse(Buffer.from(served.body, 'base64').toString());
    const total = served.headers.find((each: { name: string }) => each.name === 'X-Total-Count').value;
    assert.equal(result.length, Math.min(100, Number(total)));
    assert.ok(result.length > 0);
  });

  test('a query of thousands of terms that nobody understands leaves the one that counts', async () => {
    const query = `${'AAAA=BBBB^'.repeat(2300)}sys_id=6816f79cc0a8016401c5a33be04be441^ORDERBYsys_id`;
    const url = `/api/now/table/sys_user?sysparm_query=${encodeURIComponent(query)}&${page}&sysparm_offset=0`;
    const rest_requests = [{ id: '1', method: 'GET', url, headers: [{ name: 'Accept', value: 'application/json' }] }];
    const said = await ask('/api/now/v1/batch', { headers, body: JSON.stringify({ batch_request_id: 2, rest_requests }) });
    const { result } = JSON.parse(Buffer.from(said.json.serviced_requests[0].body, 'base64').toString());
    assert.deepEqual(
      result.map((user: { user_name: { value: string } }) => user.user_name.value),
      ['admin'],
    );
  });

  test('related lists and joins in a query', async () => {
    const counts = async (query: string) =>
      Number(
        (await ask(`/api/now/table/sys_user?sysparm_query=${encodeURIComponent(query)}&sysparm_limit=1`)).headers.get(
          'x-total-count',
        ),
      );
    assert.ok((await counts('RLQUERYincident.caller_id,>=1^ENDRLQUERY')) > 0);
    assert.ok((await counts('JOINsys_user.sys_id=incident.caller_id!active=true')) > 0);
  });

  test('a file is posted, found by its Location, listed and read', async () => {
    const [{ sys_id: owner }] = (await ask('/api/now/table/incident?sysparm_limit=1')).json.result;
    const made = await ask(`/api/now/v1/attachment/file?table_name=incident&table_sys_id=${owner}&file_name=test.txt`, {
      method: 'POST',
      headers: { accept: 'application/json', 'content-type': 'text/plain' },
      body: 'this is the content',
    });
    assert.equal(made.status, 201);
    const path = (made.headers.get('location') ?? '').slice(running().instance.baseUrl.length);
    assert.equal((await ask(path, { headers })).json.result.file_name, 'test.txt');
    const listed = await ask(
      `/api/now/v1/attachment?sysparm_query=table_sys_id%3D${owner}%5Etable_name%3Dincident&sysparm_limit=100`,
    );
    assert.deepEqual([listed.json.result.length, listed.headers.get('x-total-count')], [1, '1']);
    assert.equal((await ask(`${path}/file`)).text, 'this is the content');
    assert.equal((await ask(path, { method: 'DELETE' })).status, 204);
  });

  test('a refused caller reads the words it looks for', async () => {
    const said = await ask('/api/now/table/incident', { authorization: 'Basic eDp5' });
    assert.equal(said.status, 401);
    assert.match(said.json.error.message, /User Not Authenticated|User is not authenticated/);
  });
});
