// What strangers and broken clients send, each with its exact answer. Nothing here may end in 500, in a hang, or in a row.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { forEachEngine } from '../parts/engines.ts';
import { sendRaw } from '../parts/raw_http.ts';
import { type Ask, basic, type RunningInstance, runInstance } from '../parts/running_instance.ts';
import { addresses } from './hostile/addresses.ts';
import { failure, type Hostile, json, refused, unreadable } from './hostile/answers.ts';
import { attachments, batches, doors, imports, own, refusedInside } from './hostile/others.ts';
import { figures, heavy, reads } from './hostile/reads.ts';
import { descriptions, exchanging, importJobs, olderAddresses, queueing, shortAddresses } from './hostile/small_apis.ts';
import { harmlessWrites, refusedWrites } from './hostile/writes.ts';

const list = '/api/now/table/incident';
const limited = `${list}?sysparm_fields=number&sysparm_limit=2`;

/** By what they aim at. */
const aims: readonly [name: string, table: readonly Hostile[]][] = [
  ['addresses', addresses],
  ['reads', reads],
  ['what is heavy', heavy],
  ['figures', figures],
  ['writes that are refused', refusedWrites],
  ['writes that harm nobody', harmlessWrites],
  ['attachments', attachments],
  ['batches', batches],
  ['imports', imports],
  ['what is our own', own],
  ['descriptions', descriptions],
  ['short addresses', shortAddresses],
  ['the queue', queueing],
  ['the exchange', exchanging],
  ['jobs of imports', importJobs],
  ['older addresses of tables', olderAddresses],
];

const nameOf = ([path, ask, status]: Hostile): string =>
  `${ask.method ?? (ask.body === undefined ? 'GET' : 'POST')} ${path.slice(0, 90)} ${JSON.stringify(ask.headers ?? {}).slice(0, 60)} ${String(ask.body ?? '').slice(0, 30)} → ${status}`;

const strangers: [name: string, authorization: string][] = [
  ['nobody', ''],
  ['a wrong password', basic('admin', 'wrong')],
  ['an unknown user', basic('nobody.here', 'x')],
  ['the guest', basic('guest', '')],
  ['an empty Basic', 'Basic '],
  ['Basic that is not base64', 'Basic ***'],
  ['Basic without a colon', `Basic ${Buffer.from('admin').toString('base64')}`],
  ['Basic with NUL', basic('admin\0', 'x')],
  ['a prototype name as user', basic('__proto__', 'x')],
  ['SQL as user', basic("admin' OR '1'='1", 'x')],
  ['an opaque token', 'Bearer abcdef'],
  ['an empty token', 'Bearer '],
  ['a token of three empty parts', 'Bearer ..'],
  [
    'a token that says none',
    `Bearer ${Buffer.from('{"alg":"none"}').toString('base64url')}.${Buffer.from('{"iss":"x"}').toString('base64url')}.`,
  ],
  ['a token over 16 KiB', `Bearer ${'a'.repeat(20_000)}`],
  ['a token over 100 KiB', `Bearer ${'a'.repeat(120_000)}`],
  ['an unknown scheme', 'Negotiate abc'],
  ['a scheme alone', 'Bearer'],
];

forEachEngine((engine) => {
  let running: RunningInstance;
  let rowsBefore = '';
  const countRows = async () => (await running.ask(`${list}?sysparm_limit=1`)).headers.get('x-total-count') ?? '';

  before(async () => {
    running = await runInstance(engine);
    rowsBefore = await countRows();
  });
  after(() => running.stop());

  describe('a known caller', () => {
    for (const [aim, table] of aims) {
      describe(aim, () => {
        for (const hostile of table) {
          const [path, ask, status, body] = hostile;
          test(nameOf(hostile), async () => {
            const said = await running.ask(path, ask);
            assert.deepEqual([said.status, said.text], [status, body]);
          });
        }
      });
    }

    test('of all this only the writes that harm nobody made rows', async () =>
      assert.equal(await countRows(), String(Number(rowsBefore) + harmlessWrites.length)));

    for (const [request, why] of refusedInside) {
      test(`a batch does not send ${JSON.stringify(request)}`, async () => {
        const body = JSON.stringify({ batch_request_id: '1', rest_requests: [{ id: '7', ...request }] });
        const said = await running.ask('/api/now/batch', { headers: json, body });
        const [inner] = said.json.serviced_requests;
        assert.deepEqual([said.status, inner.id, inner.status_code], [200, '7', 400]);
        assert.equal(Buffer.from(inner.body, 'base64').toString(), unreadable(why));
      });
    }

    test('a body over 10 MiB is refused before it is read, and while it is read', async () => {
      const limit = 10_485_760;
      const detail = (length: number) =>
        failure(
          'Exception while reading request',
          `Rejected large REST payload with content-length = ${length} bytes. Max allowed: ${limit} bytes.`,
        );
      const announced = await running.ask(list, { headers: json, body: 'x'.repeat(limit + 1) });
      assert.deepEqual([announced.status, announced.text], [400, detail(limit + 1)]);
      const chunk = `10000\r\n${'x'.repeat(0x10000)}\r\n`;
      const head = `POST ${list} HTTP/1.1\r\nHost: x\r\nAuthorization: ${basic('admin', 'correct horse battery staple')}\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n`;
      assert.ok((await sendRaw(running.port, `${head}${chunk.repeat(165)}0\r\n\r\n`)).endsWith(detail(-1)));
    });
  });

  describe('a stranger', () => {
    for (const hostile of doors) {
      const [path, ask, status, body] = hostile;
      test(`at the open doors: ${nameOf(hostile)}`, async () => {
        const said = await running.ask(path, { ...ask, authorization: '' });
        assert.deepEqual([said.status, said.text], [status, body]);
      });
    }

    const everywhere: [string, Ask][] = [
      [list, {}],
      ['/api/now/table/nope', {}],
      ['/api/now/nothing', {}],
      ['/nothing', {}],
      ['/api/now/table/%zz', {}],
      [list, { method: 'PUT' }],
      [list, { headers: { ...json, accept: 'application/xml' }, body: '{' }],
      [list, { headers: { accept: 'text/html' } }],
      ['/api/causeway/token/inspect', { headers: json, body: '{"token":"x"}' }],
    ];
    for (const [path, ask] of everywhere) {
      test(`${ask.method ?? 'GET'} ${path} is 401, whatever is wrong beside`, async () => {
        const said = await running.ask(path, { ...ask, authorization: '' });
        assert.deepEqual([said.status, said.text], [401, refused]);
      });
    }

    test('every wrong credential gets the same answer, to the byte and the header', async () => {
      const shapes = new Set<string>();
      for (const [name, authorization] of strangers) {
        const said = await running.ask(list, { authorization });
        assert.deepEqual([said.status, said.text], [401, refused], name);
        const headers = [...said.headers]
          .filter(([header]) => header !== 'date')
          .map(([header, value]) => `${header}: ${header === 'x-transaction-id' ? value.length : value}`);
        shapes.add(headers.join('\n'));
      }
      assert.deepEqual(
        [...shapes].map((shape) => shape.includes('www-authenticate: BASIC realm="Service-now"')),
        [true],
      );
      assert.match([...shapes][0] ?? '', /x-is-logged-in: false/);
    });

    test('the challenges are two lines', async () => {
      const text = await sendRaw(running.port, `GET ${list} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`);
      assert.match(text, /\r\nwww-authenticate: BASIC realm="Service-now"\r\nwww-authenticate: BEARER realm="Service-now"\r\n/i);
      assert.ok(text.endsWith(`\r\n\r\n${refused}`));
    });
  });

  describe('bytes no client would send', () => {
    const good = basic('admin', 'correct horse battery staple');
    const post = 'POST {path} HTTP/1.1\r\nHost: x\r\nAuthorization: {good}\r\nConnection: close\r\n';
    const get = post.replace('POST', 'GET');
    const chunk = '2\r\n{}\r\n0\r\n\r\n';
    const unreadable: [name: string, text: string][] = [
      ['no Host', `${get.replace('Host: x\r\n', '')}\r\n`],
      ['two Hosts', `${get}Host: y\r\n\r\n`],
      ['the same Host twice', `${get}hOST: x\r\n\r\n`],
      ['two Hosts at an open door', 'GET /healthz HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n'],
      ['a Host that is none', `${get.replace('Host: x', 'Host: a b')}\r\n`],
      ['a Host with a path', `${get.replace('Host: x', 'Host: a/b')}\r\n`],
      ['HTTP/0.9', 'GET {path}\r\n\r\n'],
      ['a target of another kind', `${get.replace('{path}', 'ftp://x{path}')}\r\n`],
      ['a target with a user', `${get.replace('{path}', 'http://a:b@x{path}')}\r\n`],
      ['a target without a host', `${get.replace('{path}', 'http://{path}')}\r\n`],
      ['a star', `${get.replace('{path}', '*')}\r\n`],
      ['a tunnel', `${get.replace('GET {path}', 'CONNECT x:443')}\r\n`],
      ['a length twice', `${post}Content-Length: 2\r\nContent-Length: 2\r\n\r\n{}`],
      ['a list of lengths', `${post}Content-Length: 2, 2\r\n\r\n{}`],
      ['a length with a sign', `${post}Content-Length: +2\r\n\r\n{}`],
      ['a coding that nobody undoes', `${post}Transfer-Encoding: gzip, chunked\r\n\r\n${chunk}`],
      ['a coding that is none', `${post}Transfer-Encoding: xchunked\r\n\r\n${chunk}`],
      ['chunks in HTTP/1.0', `${post.replace('HTTP/1.1', 'HTTP/1.0')}Transfer-Encoding: chunked\r\n\r\n${chunk}`],
      ['a blank before a colon', `${post}Transfer-Encoding : chunked\r\n\r\n${chunk}`],
      ['a chunk beyond counting', `${post}Transfer-Encoding: chunked\r\n\r\nFFFFFFFFFFFFFFFFF\r\n{}\r\n`],
      ['a chunk longer than it says', `${post}Transfer-Encoding: chunked\r\n\r\n1\r\n{}\r\n0\r\n\r\n`],
      ['chunks that end in LF alone', `${post}Transfer-Encoding: chunked\r\n\r\n${chunk.replaceAll('\r', '')}`],
      ['a long extension of a chunk', `${post}Transfer-Encoding: chunked\r\n\r\n2;${'x'.repeat(20_000)}\r\n{}\r\n0\r\n\r\n`],
      ['a length behind the chunks', `${post}Transfer-Encoding: chunked\r\n\r\n${chunk.slice(0, -2)}Content-Length: 2\r\n\r\n`],
      ['a folded header', `${get}X-A: a\r\n b\r\n\r\n`],
      ['lines that end in LF alone', `${get}\r\n`.replaceAll('\r', '')],
      ['NUL in a header', `${get}X-A: a\0b\r\n\r\n`],
    ];
    const raw: [name: string, text: string, expected: RegExp][] = [
      ['no HTTP at all', 'GARBAGE\r\n\r\n', /^HTTP\/1\.1 400 /],
      [
        'two credentials',
        `GET ${list} HTTP/1.1\r\nHost: x\r\nAuthorization: ${good}\r\nAuthorization: Bearer x\r\nConnection: close\r\n\r\n`,
        /^HTTP\/1\.1 401 /,
      ],
      [
        'a method of its own',
        `BREW ${list} HTTP/1.1\r\nHost: x\r\nAuthorization: ${good}\r\nConnection: close\r\n\r\n`,
        /^HTTP\/1\.1 400 /,
      ],
      [
        'a method nobody offers',
        `PROPFIND ${list} HTTP/1.1\r\nHost: x\r\nAuthorization: ${good}\r\nConnection: close\r\n\r\n`,
        /^HTTP\/1\.1 405 /,
      ],
      [
        'two lengths',
        `POST ${list} HTTP/1.1\r\nHost: x\r\nAuthorization: ${good}\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
        /^HTTP\/1\.1 400 /,
      ],
      [
        'a flood of headers',
        `GET ${list} HTTP/1.1\r\nHost: x\r\n${'A: b\r\n'.repeat(5000)}Authorization: ${good}\r\nConnection: close\r\n\r\n`,
        /^HTTP\/1\.1 401 /,
      ],
      [
        'headers beyond any limit',
        `GET ${list} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${'x'.repeat(1_000_000)}\r\n\r\n`,
        /^HTTP\/1\.1 401 .*User Not Authenticated/s,
      ],
      [
        'an absolute address',
        `GET http://elsewhere.example${limited} HTTP/1.1\r\nHost: x\r\nAuthorization: ${good}\r\nConnection: close\r\n\r\n`,
        /^HTTP\/1\.1 200 (?!.*elsewhere)/s,
      ],
      [
        'more than it announced, and no other request',
        `POST ${list}?sysparm_fields=short_description HTTP/1.1\r\nHost: x\r\nAuthorization: ${good}\r\nContent-Length: 28\r\n\r\n{"short_description":"once"}GARBAGE\r\n\r\n`,
        /^HTTP\/1\.1 201 .*once.*HTTP\/1\.1 400 /s,
      ],
      ...unreadable.map(([name, head]): [string, string, RegExp] => [
        name,
        head.replace('{path}', list).replace('{good}', good),
        /^HTTP\/1\.1 400 (?!.*HTTP\/1\.1).*Exception while reading request/s,
      ]),
      [
        'UTF-8 that was not encoded',
        `GET ${limited}&sysparm_query=number=\u00e9 HTTP/1.1\r\nHost: x\r\nAuthorization: ${good}\r\nConnection: close\r\n\r\n`,
        /^HTTP\/1\.1 400 /,
      ],
      [
        'a forged Host',
        `GET ${limited} HTTP/1.1\r\nHost: evil.example\r\nX-Forwarded-Host: evil.example\r\nX-Forwarded-Proto: https\r\nAuthorization: ${good}\r\nConnection: close\r\n\r\n`,
        /^HTTP\/1\.1 200 (?!.*evil)/s,
      ],
    ];
    for (const [name, text, expected] of raw) {
      test(name, async () => assert.match(await sendRaw(running.port, text), expected));
    }
  });

  test('after all this the log has no unexpected failure, and no credential', () => {
    assert.doesNotMatch(running.lines(), /Unexpected failure/);
    assert.ok(!running.lines().includes('correct horse'), 'the password stands in the log');
  });
});
