// What stands before every API: addresses in links, health, and the inspector that only some may use.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { engines } from '../parts/engines.ts';
import { openSocket } from '../parts/raw_http.ts';
import { adminPassword, basic, type RunningInstance, runInstance } from '../parts/running_instance.ts';
import { untilTrue } from '../parts/until_true.ts';

const [sqlite] = engines;
assert.ok(sqlite);
const list = '/api/now/table/incident?sysparm_limit=1&sysparm_query=caller_idISNOTEMPTY&sysparm_fields=caller_id';
const json = { 'content-type': 'application/json' };
const forwarded = {
  'x-forwarded-proto': 'https',
  'x-forwarded-host': 'causeway.example.com',
  'x-forwarded-for': '203.0.113.9',
};

describe('links lead', () => {
  const linksOf = async (flags: Record<string, string>, headers: Record<string, string>) => {
    const running = await runInstance(sqlite, flags);
    try {
      const said = await running.ask(list, { headers });
      const made = await running.ask('/api/now/table/incident', { headers: { ...json, ...headers }, body: '{}' });
      const page = /https?:[^'"/]*\/\/[^'"/]+(?=\/api\/now\/table)/.exec((await running.ask('/', { headers })).text)?.[0];
      const links = [said.json.result[0].caller_id.link, said.headers.get('link')?.slice(1), made.headers.get('location')];
      const all = [...links, page];
      return [...new Set(all.map((link) => new URL(link).origin))].map((origin) => origin.replace(`:${running.port}`, ':port'));
    } finally {
      await running.stop();
    }
  };

  test('to the address listened on, whatever a stranger says', async () => {
    assert.deepEqual(await linksOf({}, forwarded), ['http://127.0.0.1:port']);
  });

  test('to where a trusted proxy says', async () => {
    assert.deepEqual(await linksOf({ trustedProxies: 'loopback' }, forwarded), ['https://causeway.example.com']);
  });

  test('to the setting, above all', async () => {
    const flags = { baseUrl: 'https://set.example.com', trustedProxies: 'loopback' };
    assert.deepEqual(await linksOf(flags, forwarded), ['https://set.example.com']);
  });
});

describe('an instance', () => {
  let running: RunningInstance;
  before(async () => {
    running = await runInstance(sqlite);
  });
  after(() => running.stop());

  test('says that it is alive and ready, to anybody, and nothing else', async () => {
    for (const [path, word] of [
      ['/healthz', 'alive'],
      ['/readyz', 'ready'],
    ]) {
      const said = await running.ask(path ?? '', { authorization: '' });
      assert.deepEqual([said.status, said.text], [200, `{"status":"${word}"}`]);
    }
  });

  test('tells whoever opens it in a browser where to go on, and nothing of what is inside', async () => {
    const said = await running.ask('/', { authorization: '' });
    assert.equal(said.status, 200);
    assert.equal(said.headers.get('content-type'), 'text/html;charset=UTF-8');
    const links = [...said.text.matchAll(/<a href="([^"]+)"/g)].map(([, path]) => path ?? '');
    assert.ok(links.length >= 4);
    for (const path of links) assert.equal((await running.ask(path)).status, 200, path);
    assert.doesNotMatch(said.text, /<script/);
  });

  test('inspects tokens for administrators of authentication only', async () => {
    const user = await running.ask('/api/now/table/sys_user', {
      headers: json,
      body: '{"user_name":"plain.person","user_password":"plain-person-1"}',
    });
    assert.equal(user.status, 201);
    const ask = { headers: json, body: '{"token":"x.y.z"}' };
    const plain = await running.ask('/api/causeway/token/inspect', {
      ...ask,
      authorization: basic('plain.person', 'plain-person-1'),
    });
    assert.deepEqual([plain.status, plain.json.error.detail], [403, 'Failed API level ACL Validation']);
    const admin = await running.ask('/api/causeway/token/inspect', ask);
    assert.deepEqual([admin.status, admin.json.result.accepted, admin.json.result.reason], [200, false, 'malformed_jwt']);
  });

  test('a closed API is as if it did not exist, also inside a batch, until it is opened again', async () => {
    const [{ sys_id: sysId }] = (await running.ask('/api/now/table/sys_properties?name=glide.rest.apis.disabled')).json.result;
    const set = (value: string) =>
      running.ask(`/sys_properties.do?JSONv2&sysparm_action=update&sysparm_sys_id=${sysId}`, {
        headers: json,
        body: JSON.stringify({ value }),
      });
    const statuses = () =>
      Promise.all(
        ['table/incident?sysparm_limit=1', 'stats/incident'].map(
          async (path) => (await running.ask(`/api/now/v2/${path}`)).status,
        ),
      );
    assert.deepEqual(await statuses(), [200, 200]);
    await set('table api, Import Set API');
    assert.deepEqual(await statuses(), [400, 200]);
    const refused = await running.ask('/api/now/table/incident');
    const missing = { error: { message: 'Requested URI does not represent any resource', detail: null }, status: 'failure' };
    assert.deepEqual(refused.json, missing);
    const inner = { id: '1', method: 'GET', url: '/api/now/table/incident', headers: [] };
    const body = JSON.stringify({ batch_request_id: '1', rest_requests: [inner] });
    const batch = await running.ask('/api/now/batch', { headers: json, body });
    assert.equal(batch.json.serviced_requests[0].status_code, 400);
    await set('now/stats');
    assert.deepEqual(await statuses(), [200, 400]);
    await set('');
    assert.deepEqual(await statuses(), [200, 200]);
  });

  test('answers a caller whose other bodies are still on their way, however many', async () => {
    const body = '{"short_description":"slow"}';
    const head = `POST /api/now/table/incident?sysparm_fields=short_description HTTP/1.1\r\nHost: x\r\nAuthorization: ${basic('admin', adminPassword)}\r\nConnection: close\r\nContent-Length: ${body.length}\r\n\r\n`;
    const started = () => running.lines().split('*** Start').length;
    const before = started();
    const slow = Array.from({ length: 110 }, () => openSocket(running.port));
    for (const { socket } of slow) socket.write(head + body.slice(0, 3));
    await untilTrue(() => started() >= before + slow.length);
    assert.equal((await running.ask('/api/now/table/incident?sysparm_limit=1')).status, 200);
    for (const { socket } of slow.slice(1)) socket.destroy();
    slow[0]?.socket.write(body.slice(3));
    assert.match((await slow[0]?.heard) ?? '', /^HTTP\/1\.1 201 [\s\S]*"slow"/);
  });

  test('is not ready while it stops, and the request under way is finished', async () => {
    const body = '{"short_description":"finished"}';
    const { socket, heard } = openSocket(running.port);
    const head = `POST /api/now/table/incident HTTP/1.1\r\nHost: x\r\nAuthorization: ${basic('admin', adminPassword)}\r\nContent-Length: ${body.length}\r\n\r\n`;
    const started = () => running.lines().split('*** Start').length;
    const before = started();
    socket.write(head + body.slice(0, 3));
    await untilTrue(() => started() > before);
    const stopped = running.instance.stop();
    await assert.rejects(running.ask('/readyz'));
    socket.write(body.slice(3));
    assert.match(await heard, /^HTTP\/1\.1 201 /);
    await stopped;
  });
});
