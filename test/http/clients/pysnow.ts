// pysnow (Python): capital booleans, empty parameters, a JSON content type on every request, an update that reads before it writes.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { headers, tellClient } from './part.ts';

const defaults =
  'sysparm_limit=10000&sysparm_offset=0&sysparm_display_value=False&sysparm_exclude_reference_link=False' +
  '&sysparm_suppress_pagination_header=False&sysparm_view=&sysparm_fields=';

tellClient(({ ask, running }) => {
  test('a query with every parameter it always sends answers an object with one root key', async () => {
    const said = await ask(`/api/now/table/incident?sysparm_query=active%3Dtrue%5EORDERBYDESCnumber&${defaults}`, { headers });
    assert.equal(said.status, 200);
    assert.deepEqual(Object.keys(said.json), ['result']);
    assert.ok(said.json.result.length > 0);
    const [first] = said.json.result;
    assert.deepEqual(Object.keys(first.caller_id || first.opened_by).sort(), ['link', 'value']);
  });

  test('it pages along the next link', async () => {
    let path: string | undefined = '/api/now/table/incident?sysparm_query=ORDERBYnumber&sysparm_limit=2&sysparm_fields=number';
    const seen: string[] = [];
    for (let page = 0; path !== undefined && page < 50; page += 1) {
      const said = await ask(path, { headers });
      seen.push(...said.json.result.map((row: { number: string }) => row.number));
      const next = /<([^>]+)>;rel="next"/.exec(said.headers.get('link') ?? '')?.[1];
      path = next === undefined ? undefined : next.slice(running().instance.localUrl.length);
    }
    const all = await ask('/api/now/table/incident?sysparm_fields=number&sysparm_query=ORDERBYnumber', { headers });
    assert.deepEqual(
      seen,
      all.json.result.map((row: { number: string }) => row.number),
    );
  });

  test('an update is a read of one and a PUT, a delete a read of one and a DELETE', async () => {
    const made = await ask('/api/now/table/incident', { headers, body: '{"short_description": "from pysnow"}' });
    const { number } = made.json.result;
    const found = await ask(`/api/now/table/incident?sysparm_query=number%3D${number}&sysparm_limit=1&${defaults.slice(20)}`, {
      headers,
    });
    assert.equal(found.json.result.length, 1);
    const path = `/api/now/table/incident/${found.json.result[0].sys_id}`;
    const updated = await ask(path, { method: 'PUT', headers, body: '{"short_description": "changed", "no_such_field": 1}' });
    assert.deepEqual([updated.status, updated.json.result.short_description], [200, 'changed']);
    assert.equal((await ask(path, { method: 'DELETE', headers })).status, 204);
    const gone = await ask(`/api/now/table/incident?sysparm_query=number%3D${number}`, { headers });
    assert.deepEqual(gone.json, { result: [] });
  });

  test('dates by generated script, counts with a capital True', async () => {
    const query = encodeURIComponent(
      'sys_created_onBETWEENjavascript:gs.dateGenerate("2016-02-01 00:00:00")@javascript:gs.dateGenerate("2099-02-10 00:00:00")',
    );
    const said = await ask(`/api/now/stats/incident?sysparm_query=${query}&sysparm_count=True`, { headers });
    assert.ok(Number(said.json.result.stats.count) > 0, said.text);
  });

  test('an upload by form carries the file name as a field of its own', async () => {
    const [{ sys_id: sysId }] = (await ask('/api/now/table/incident?sysparm_limit=1', { headers })).json.result;
    const form = new FormData();
    form.append('table_name', 'incident');
    form.append('table_sys_id', sysId);
    form.append('file_name', 'report.txt');
    form.append('file', new Blob(['some text']), 'local_name.txt');
    const request = new Request('http://x/', { method: 'POST', body: form });
    const said = await ask('/api/now/attachment/upload', {
      body: new Uint8Array(await request.arrayBuffer()),
      headers: { accept: '*/*', 'content-type': request.headers.get('content-type') ?? '' },
    });
    assert.deepEqual([said.status, said.json.result.file_name, said.json.result.size_bytes], [201, 'report.txt', '9']);
  });

  test('an error has the root key error', async () => {
    const said = await ask('/api/now/table/no_such_table', { headers });
    assert.deepEqual([said.status, typeof said.json.error.message], [400, 'string']);
  });
});
