// Pages of other origins: nothing without a rule, and with one what it says and no more.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { forEachEngine } from '../../parts/engines.ts';
import { type RunningInstance, runInstance } from '../../parts/running_instance.ts';

const json = { 'content-type': 'application/json' };

forEachEngine((engine) => {
  let running: RunningInstance;
  const ask: RunningInstance['ask'] = (path, options) => running.ask(path, options);
  const table = '/api/now/table/incident?sysparm_limit=1';
  const allowed = async (origin: string, method = 'GET', path = table) => {
    const headers = { origin, 'access-control-request-method': method };
    const preflight = await ask(path, { method: 'OPTIONS', headers, authorization: '' });
    const isAllowed = preflight.headers.get('access-control-allow-origin') !== null;
    assert.equal(preflight.status, isAllowed ? 204 : 401);
    return isAllowed;
  };
  const rule = async (values: Record<string, unknown>) => {
    const said = await ask('/api/now/table/sys_cors_rule', { headers: json, body: JSON.stringify({ name: 'r', ...values }) });
    assert.equal(said.status, 201, said.text);
  };

  before(async () => {
    running = await runInstance(engine);
  });
  after(() => running.stop());

  test('without a rule no origin is named', async () => {
    assert.equal(await allowed('https://app.example.com'), false);
    const said = await ask(table, { headers: { origin: 'https://app.example.com' } });
    assert.deepEqual([said.status, said.headers.get('access-control-allow-origin')], [200, null]);
  });

  test('a page of another origin changes nothing with the password that a browser remembers', async () => {
    const pages: Array<[headers: Record<string, string>, status: number]> = [
      [{ origin: 'https://evil.example.com' }, 403],
      [{ origin: 'null' }, 403],
      [{ origin: running.instance.baseUrl, 'sec-fetch-site': 'cross-site' }, 403],
      [{ origin: running.instance.baseUrl, 'sec-fetch-site': 'same-site' }, 403],
      [{ origin: running.instance.baseUrl, 'sec-fetch-site': 'same-origin' }, 201],
      [{ origin: running.instance.baseUrl }, 201],
    ];
    for (const [headers, status] of pages) {
      const said = await ask('/api/now/table/incident', { headers: { ...json, ...headers }, body: '{}' });
      assert.equal(said.status, status, JSON.stringify(headers));
    }
    const gone = await ask('/incident.do?JSONv2&sysparm_action=insert', { headers: { origin: 'null' }, body: '{}' });
    assert.equal(gone.status, 403);
  });

  test('a rule opens its API to its origin, for its methods', async () => {
    await rule({
      rest_api: 'now/table',
      domain: 'https://app.example.com',
      allow_post: 'true',
      allow_credentials: 'true',
      allowed_headers: 'Authorization, Content-Type',
      exposed_headers: 'X-Total-Count',
      max_age: '600',
    });
    const headers = { origin: 'https://app.example.com', 'access-control-request-method': 'POST' };
    const preflight = await ask(table, { method: 'OPTIONS', headers, authorization: '' });
    const said = Object.fromEntries([...preflight.headers].filter(([name]) => name.startsWith('access-control-')));
    assert.deepEqual(said, {
      'access-control-allow-origin': 'https://app.example.com',
      'access-control-allow-credentials': 'true',
      'access-control-allow-methods': 'GET, POST',
      'access-control-allow-headers': 'Authorization, Content-Type',
      'access-control-max-age': '600',
    });
    const read = await ask(table, { headers: { origin: 'https://app.example.com' } });
    assert.equal(read.headers.get('access-control-allow-origin'), 'https://app.example.com');
    assert.equal(read.headers.get('access-control-expose-headers'), 'X-Total-Count');
    assert.equal(read.headers.get('vary'), 'Origin');
    assert.equal(await allowed('https://app.example.com', 'DELETE'), false);
    assert.equal(await allowed('https://app.example.com', 'GET', '/api/now/attachment'), false);
    const refused = await ask(table, { headers: { origin: 'https://app.example.com' }, authorization: '' });
    assert.equal(refused.status, 401);
  });

  test('a wildcard stands for the start of a host and nothing else', async () => {
    await rule({ domain: 'https://*.trusted.example', rest_api: 'now/table' });
    for (const [origin, isAllowed] of [
      ['https://a.trusted.example', true],
      ['https://a.b.trusted.example', true],
      ['https://trusted.example', false],
      ['http://a.trusted.example', false],
      ['https://a.trusted.example.evil.org', false],
      ['https://eviltrusted.example', false],
      ['https://evil.org/.trusted.example', false],
      ['https://a.trusted.example:8443', false],
      ['null', false],
      ['', false],
    ] as const) {
      assert.equal(await allowed(origin), isAllowed, origin);
    }
  });
});
