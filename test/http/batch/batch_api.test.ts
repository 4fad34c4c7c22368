// The Batch API over real HTTP, on both engines: inner requests are whole requests, as the outer caller (data_api.md §4.3).
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { forEachEngine } from '../../parts/engines.ts';
import { basic, type RunningInstance, runInstance } from '../../parts/running_instance.ts';

const json = { 'content-type': 'application/json' };
const encode = (value: unknown): string =>
  Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64');
const decode = (body: string) => JSON.parse(Buffer.from(body, 'base64').toString('utf8'));

interface Serviced {
  id: string;
  status_code: number;
  status_text: string;
  headers: { name: string; value: string }[];
  body: string;
  execution_time: number;
  error_message?: string;
}

forEachEngine((engine) => {
  let running: RunningInstance;
  const ask: RunningInstance['ask'] = (path, options) => running.ask(path, options);
  const batch = async (items: unknown, extra: Parameters<typeof ask>[1] = {}) =>
    ask('/api/now/v1/batch', {
      body: JSON.stringify({ batch_request_id: 1, rest_requests: items }),
      ...extra,
      headers: { ...json, ...extra.headers },
    });
  const one = async (item: Record<string, unknown>, extra = {}): Promise<Serviced> => {
    const said = await batch([{ id: 'x', ...item }], extra);
    assert.equal(said.status, 200, said.text);
    assert.equal(said.json.serviced_requests.length, 1, said.text);
    return said.json.serviced_requests[0];
  };
  const header = ({ headers }: Serviced, name: string) => headers.find((each) => each.name === name)?.value;

  before(async () => {
    running = await runInstance(engine);
  });
  after(() => running.stop());

  test('each request gets its own status, headers and body, without an envelope, and numbers come back as text', async () => {
    const said = await batch([
      {
        id: 1,
        method: 'GET',
        url: '/api/now/table/incident?sysparm_limit=1&sysparm_fields=number',
        headers: [],
        exclude_response_headers: false,
      },
      {
        id: '2',
        method: 'POST',
        url: 'api/now/table/incident?sysparm_fields=short_description',
        headers: [{ name: 'Content-Type', value: 'application/json' }],
        body: encode("{'short_description':'from a batch'}"),
      },
      { id: '3', method: 'GET', url: '/api/now/table/no_such_table' },
      { id: '4', url: '/api/now/table/incident/none', method: 'delete' },
    ]);
    assert.equal(said.status, 200);
    assert.deepEqual(Object.keys(said.json), ['batch_request_id', 'serviced_requests', 'unserviced_requests']);
    assert.deepEqual([said.json.batch_request_id, said.json.unserviced_requests], ['1', []]);
    const [list, made, unknown, gone] = said.json.serviced_requests as [Serviced, Serviced, Serviced, Serviced];
    assert.deepEqual([list.id, list.status_code, list.status_text], ['1', 200, 'OK']);
    assert.equal(decode(list.body).result.length, 1);
    assert.match(header(list, 'X-Total-Count') ?? '', /^\d+$/);
    assert.match(header(list, 'Link') ?? '', new RegExp(`^<${running.instance.baseUrl}/api/now/table/incident\\?`));
    assert.equal(typeof list.execution_time, 'number');
    assert.deepEqual([made.status_code, decode(made.body)], [201, { result: { short_description: 'from a batch' } }]);
    assert.deepEqual([unknown.status_code, decode(unknown.body).error.message], [400, 'Invalid table no_such_table']);
    assert.equal(gone.status_code, 404);
  });

  test('an answer in parts holds each answer in one of them, and what is left of the object in the last', async () => {
    const items = ['incident', 'no_such_table'].map((table) => ({
      id: table,
      method: 'GET',
      url: `/api/now/table/${table}?sysparm_limit=1&sysparm_fields=number`,
    }));
    const said = await batch(items, { headers: { accept: 'multipart/mixed' } });
    assert.equal(said.status, 200);
    const boundary = /^multipart\/mixed; boundary=(\w+)$/.exec(said.headers.get('content-type') ?? '')?.[1];
    assert.ok(boundary);
    const pieces = said.text.split(`--${boundary}`);
    assert.deepEqual([pieces[0], pieces.at(-1)], ['', '--\r\n']);
    const parts = pieces.slice(1, -1).map((piece) => {
      const [head, body = '', ...more] = piece.replace(/^\r\n/, '').split('\r\n\r\n');
      assert.deepEqual([head, more], ['Content-Type: application/json;charset=UTF-8', []]);
      return JSON.parse(body);
    });
    assert.deepEqual(
      parts.slice(0, 2).map(({ id, status_code: status }) => [id, status]),
      [
        ['incident', 200],
        ['no_such_table', 400],
      ],
    );
    assert.equal(decode(parts[0].body).result.length, 1);
    assert.deepEqual(parts[2], { batch_request_id: '1', unserviced_requests: [] });
    const refused = await ask('/api/now/batch', { headers: { ...json, accept: 'multipart/mixed' }, body: '{}' });
    assert.deepEqual([refused.status, refused.headers.get('content-type')], [400, 'application/json;charset=UTF-8']);
  });

  test('later requests see what earlier ones did', async () => {
    const number = `BATCH${engine.name}`;
    const said = await batch([
      { id: 'a', method: 'POST', url: '/api/now/table/incident', body: encode({ number }) },
      { id: 'b', method: 'GET', url: `/api/now/stats/incident?sysparm_count=true&number=${number}` },
    ]);
    assert.equal(decode(said.json.serviced_requests[1].body).result.stats.count, '1');
  });

  test('response headers can be left out, and a body of nothing is empty', async () => {
    const { status_code: status, headers } = await one({
      url: '/api/now/table/incident?sysparm_limit=1',
      exclude_response_headers: true,
    });
    assert.deepEqual([status, headers], [200, []]);
    const head = await one({ method: 'HEAD', url: '/api/now/table/incident?sysparm_limit=1' });
    assert.deepEqual([head.status_code, head.body], [200, '']);
  });

  test('inner requests are the outer caller, whatever they claim to be', async () => {
    const body = JSON.stringify({ user_name: 'batch.user', user_password: 'a long enough one', last_name: 'B' });
    assert.equal((await ask('/api/now/table/sys_user', { headers: json, body })).status, 201);
    const admin = basic('admin', 'correct horse battery staple');
    const authorization = basic('batch.user', 'a long enough one');
    const claims = [
      { name: 'Authorization', value: admin },
      { name: 'Cookie', value: 'JSESSIONID=1' },
      { name: 'X-Causeway-Pass', value: 'x' },
    ];
    const audit = await one({ url: '/api/now/table/sys_audit', headers: claims }, { authorization });
    assert.equal(audit.status_code, 403);
    const made = await one({ url: '/api/now/table/incident?sysparm_limit=1', headers: claims }, { authorization: '' }).catch(
      () => undefined,
    );
    assert.equal(made, undefined);
    const outside = await ask('/api/now/table/incident', { authorization: '', headers: { 'x-causeway-pass': 'x' } });
    assert.equal(outside.status, 401);
  });

  test('a batch reaches the APIs of this instance and no batch', async () => {
    for (const url of [
      'http://example.com/api/now/table/incident',
      '//example.com/api/now/table/incident',
      '/oauth_token.do',
      '/api/../oauth_token.do',
      '/healthz',
      '',
      undefined,
      7,
      '\\\\host\\api',
    ]) {
      const said = await one({ url, method: 'GET' });
      assert.deepEqual([said.status_code, typeof said.error_message], [400, 'string'], String(url));
    }
    for (const url of ['/api/now/batch', '/api/now/v1/batch', '/api/now/%62atch', '/api/now/../now/batch']) {
      const said = await one({ url, method: 'POST', body: encode({ rest_requests: [] }) });
      assert.equal(said.status_code, 400, url);
      assert.match(Buffer.from(said.body, 'base64').toString(), /cannot hold a batch/);
    }
    assert.equal((await one({ url: '/api/now/table/incident', method: 'TRACE' })).status_code, 400);
    assert.equal((await one({ url: '/api/now/table/incident', method: 'DELETE' })).status_code, 405);
  });

  test('an upload through a batch is the same file', async () => {
    const found = await ask('/api/now/table/incident?sysparm_limit=1&sysparm_fields=sys_id');
    const [{ sys_id: sysId }] = found.json.result;
    const said = await one({
      method: 'POST',
      url: `/api/now/attachment/file?table_name=incident&table_sys_id=${sysId}&file_name=a b.txt`,
      headers: [{ name: 'Content-Type', value: 'text/plain' }],
      body: encode('bytes'),
    });
    assert.equal(said.status_code, 201);
    const { result } = decode(said.body);
    const file = await one({ url: `/api/now/attachment/${result.sys_id}/file` });
    assert.deepEqual([Buffer.from(file.body, 'base64').toString(), header(file, 'Content-Type')], ['bytes', 'text/plain']);
  });

  test('what does not fit any more is named and left undone', async () => {
    const item = (id: string) => ({ id, url: '/api/now/table/sys_dictionary?sysparm_limit=50' });
    const said = await batch([item('1'), item('2'), item('3')], { headers: { 'x-batchrequest-max-output-size': '30000' } });
    const done = said.json.serviced_requests as Serviced[];
    assert.ok(said.json.unserviced_requests.length > 0, 'the limit is too wide for this test');
    assert.equal(done.length + said.json.unserviced_requests.length, 3);
    assert.ok(said.text.length < 60_000);
    assert.equal(done.at(-1)?.error_message, 'The answer does not fit into the batch');
  });

  test('what is no batch is refused as a whole', async () => {
    for (const body of [
      '',
      '[]',
      '{}',
      '{"rest_requests":{}}',
      '{"rest_requests":[1]}',
      '{"rest_requests":[null]}',
      'nonsense',
    ]) {
      const said = await ask('/api/now/batch', { method: 'POST', headers: json, body });
      assert.deepEqual([said.status, said.json.status], [400, 'failure'], body);
    }
    const many = Array.from({ length: 1001 }, (_, id) => ({ id, url: '/api/now/table/incident' }));
    assert.equal((await batch(many)).status, 400);
    assert.equal(
      (await ask('/api/now/batch', { method: 'POST', headers: { 'content-type': 'text/xml' }, body: '<a/>' })).status,
      415,
    );
    assert.deepEqual((await batch([])).json.serviced_requests, []);
  });

  test('hostile items are answered, never a 500', async () => {
    for (const item of [
      { id: { a: 1 }, url: '/api/now/table/incident?sysparm_limit=1', headers: 'x' },
      {
        url: '/api/now/table/__proto__',
        headers: [null, 1, { name: 'a\r\nb', value: 'c' }, { name: 'X-A', value: 'é\r\nX-B: 1' }],
      },
      { url: '/api/now/table/incident', method: 'POST', body: '***not base64***' },
      { url: '/api/now/table/incident', method: { toString: 1 }, body: 5 },
      { url: `/api/now/table/incident?sysparm_query=${'a'.repeat(20_000)}&sysparm_limit=1` },
      { url: '/api/now/table/%00' },
      { url: '/api/now/table/\ud800' },
    ]) {
      const said = await batch([item]);
      assert.equal(said.status, 200, JSON.stringify(item).slice(0, 100));
      for (const each of said.json.serviced_requests) assert.ok(each.status_code < 500, JSON.stringify(item).slice(0, 100));
    }
  });
});
