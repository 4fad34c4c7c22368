// What strangers and broken clients send, each with its exact answer. Nothing here may end in 500, in a hang, or in a row.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { forEachEngine } from '../parts/engines.ts';
import { sendRaw } from '../parts/raw_http.ts';
import { type Ask, basic, type RunningInstance, runInstance } from '../parts/running_instance.ts';

const failure = (message: string, detail: string | null = null) =>
  JSON.stringify({ error: { message, detail }, status: 'failure' });
const refused =
  '{"error":{"message":"User Not Authenticated","detail":"Required to provide Auth information"},"status":"failure"}';
const malformedAddress = failure(
  'Exception while reading request',
  'The address of the request is not valid percent-encoded UTF-8',
);
const noResource = failure('Requested URI does not represent any resource');
const unsupported = failure(
  'Invalid content-type. Supported request media types for this service are: [application/json, application/xml, text/xml]',
);
const notAcceptable = failure(
  'Invalid accept type. Supported response media types for this service are: [application/json, application/xml, text/xml]',
);
const notJson = failure('Exception while reading request', 'The payload is not valid JSON.');
const notXml = failure('Exception while reading request', 'The payload is not valid XML.');
const notObject = failure('Exception while reading request', 'The payload must be one object of fields and values.');
const noRecord = failure('No Record found', "Record doesn't exist or ACL restricts the record retrieval");
const invalidTable = (name: string) => failure(`Invalid table ${name}`);
const wrongMethod = failure('Method not supported');

const json = { 'content-type': 'application/json' };
const list = '/api/now/table/incident';
const limited = `${list}?sysparm_fields=number&sysparm_limit=2`;

/** `undefined` as a body: any body will do. */
const table: [path: string, ask: Ask, status: number, body?: string][] = [
  ['/', {}, 404, noResource],
  ['/api', {}, 404, noResource],
  ['/api/now', {}, 400, noResource],
  ['/api/now/nothing', {}, 400, noResource],
  ['/api/now/table', {}, 400, noResource],
  ['/api/now/table/', {}, 400, noResource],
  ['/api/now/v3/table/incident', {}, 400, noResource],
  ['/api/now/v1', {}, 400, noResource],
  ['/api/now/table/incident/a/b', {}, 400, noResource],
  ['/api/x_plugin/anything', {}, 404, noResource],
  ['/API/NOW/TABLE/incident', {}, 404, noResource],
  ['/api/now/table/nope', {}, 400, invalidTable('nope')],
  ['/api/now/table/__proto__', {}, 400, invalidTable('__proto__')],
  ['/api/now/table/constructor', {}, 400, invalidTable('constructor')],
  ['/api/now/table/toString/x', {}, 400, invalidTable('toString')],
  ['/api/now/table/incident%20', {}, 400, invalidTable('incident ')],
  ['/api/now/table/INCIDENT', {}, 400, invalidTable('INCIDENT')],
  ['/api/now/table/incident%3Bdrop%20table%20task', {}, 400, invalidTable('incident;drop table task')],
  [`/api/now/table/incident'--`, {}, 400, invalidTable(`incident'--`)],
  ['/api/now/table/..%2f..%2fetc%2fpasswd', {}, 400, invalidTable('../../etc/passwd')],
  ['/api/now/table/sqlite_master', {}, 400, invalidTable('sqlite_master')],
  ['/api/now/table/pg_catalog.pg_authid', {}, 400, invalidTable('pg_catalog.pg_authid')],
  ['/api/now/table/%zz', {}, 400, malformedAddress],
  ['/api/now/table/%', {}, 400, malformedAddress],
  ['/api/now/table/%c0%af', {}, 400, malformedAddress],
  ['/api/now/table/a%00b', {}, 400, malformedAddress],
  [`${list}/%00`, {}, 400, malformedAddress],
  [`${list}?sysparm_query=%`, {}, 400, malformedAddress],
  [`${list}?%ff=1`, {}, 400, malformedAddress],
  [`${list}?a=%ed%a0%80`, {}, 400, malformedAddress],
  [`${list}?sysparm_query=number%3D%00`, {}, 400, malformedAddress],
  [`${list}/x`, {}, 404, noRecord],
  [`${list}/' OR 1=1--`, {}, 404, noRecord],
  [`${list}/${'a'.repeat(5000)}`, {}, 404, noRecord],
  [`${list}/-1`, {}, 404, noRecord],
  [`/api/now/table/${'t'.repeat(12_000)}`, {}, 400, noResource],
  [`${limited}&sysparm_query=${encodeURIComponent("number=x' OR '1'='1")}`, {}, 200, '{"result":[]}'],
  [`${limited}&sysparm_query=${encodeURIComponent('numberLIKE%')}`, {}, 200, '{"result":[]}'],
  [`${limited}&sysparm_query=${encodeURIComponent('number=x); DROP TABLE task;--')}`, {}, 200, '{"result":[]}'],
  [`${limited}&sysparm_query=numberINa,b,c`, {}, 200, '{"result":[]}'],
  [`${limited}&sysparm_query=${'^'.repeat(500)}`, {}, 200],
  [`${limited}&sysparm_query=^^^^OR^NQ^EQ`, {}, 200],
  [`${limited}&sysparm_query=__proto__=1`, {}, 200],
  [`${limited}&sysparm_query=ORDERBY`, {}, 200],
  [`${limited}&sysparm_query=ORDERBYDESC__proto__`, {}, 200],
  [`${limited}&sysparm_query=ORDERBYnumber;drop`, {}, 200],
  [`${limited}&sysparm_query=javascript:while(true){}`, {}, 200],
  [`${limited}&sysparm_query=caller_id.caller_id.caller_id.x=1`, {}, 200],
  [`${limited}&sysparm_query=${'caller_id.manager.'.repeat(200)}name=x`, {}, 200],
  [`${limited}&sysparm_query=number=${'x'.repeat(8000)}`, {}, 200, '{"result":[]}'],
  [`${limited}&sysparm_query=number=%F0%9F%92%A9`, {}, 200, '{"result":[]}'],
  [`${limited}&__proto__=x&constructor=y&hasOwnProperty=z`, {}, 200],
  [`${limited}&sysparm_limit=5&sysparm_limit[]=9`, {}, 200],
  [`${list}?sysparm_fields=__proto__,constructor&sysparm_limit=1`, {}, 200],
  [`${list}?sysparm_fields=${encodeURIComponent("number,'x',1;--,*,a.b.c.d.e.f")}&sysparm_limit=1`, {}, 200],
  [`${list}?sysparm_fields=number&sysparm_limit=0`, {}, 200, '{"result":[]}'],
  [`${list}?sysparm_fields=number&sysparm_limit=-1`, {}, 200],
  [`${list}?sysparm_fields=number&sysparm_limit=abc`, {}, 200],
  [`${list}?sysparm_fields=number&sysparm_limit=1e3`, {}, 200],
  [`${list}?sysparm_fields=number&sysparm_limit=99999999999999999999`, {}, 200],
  [`${list}?sysparm_fields=number&sysparm_offset=99999999999999`, {}, 200, '{"result":[]}'],
  [`${list}?sysparm_fields=number&sysparm_offset=-5&sysparm_limit=1`, {}, 200],
  [`${list}?sysparm_fields=number&sysparm_limit=1&sysparm_display_value=nonsense&sysparm_view=&sysparm_unknown=1`, {}, 200],
  [`${list}?&&&=&=&sysparm_limit=1&sysparm_fields=number`, {}, 200],
  [limited, { headers: { accept: 'text/html' } }, 406, notAcceptable],
  [limited, { headers: { accept: 'application/json;q=0' } }, 406, notAcceptable],
  [limited, { headers: { accept: ',,;;q=x' } }, 406, notAcceptable],
  [limited, { headers: { 'content-type': 'nonsense/;;' } }, 200],
  [list, { method: 'PUT', headers: json, body: '{}' }, 405, wrongMethod],
  [list, { method: 'DELETE' }, 405, wrongMethod],
  [list, { method: 'OPTIONS' }, 405, wrongMethod],
  [`${list}/x`, { method: 'POST', headers: json, body: '{}' }, 405, wrongMethod],
  [list, { body: 'x=1', headers: { 'content-type': 'application/x-www-form-urlencoded' } }, 415, unsupported],
  [list, { body: '{}', headers: { 'content-type': 'text/plain' } }, 415, unsupported],
  [list, { body: '--x', headers: { 'content-type': 'multipart/form-data; boundary=x' } }, 415, unsupported],
  [list, { body: '{}', headers: { ...json, 'content-encoding': 'gzip' } }, 415],
  [list, { body: '{}', headers: { 'content-type': 'application/json; charset=klingon' } }, 415],
  [list, { body: '{', headers: json }, 400, notJson],
  [list, { body: '{"a":1,}', headers: json }, 400, notJson],
  [list, { body: '{a:1}', headers: json }, 400, notJson],
  [list, { body: 'undefined', headers: json }, 400, notJson],
  [list, { body: '['.repeat(300_000), headers: json }, 400, notJson],
  [list, { body: '"text"', headers: json }, 400, notObject],
  [list, { body: 'null', headers: json }, 400, notObject],
  [list, { body: '[[1]]', headers: json }, 400, notObject],
  [list, { body: '{"short_description":"a\\u0000b"}', headers: json }, 400],
  [list, { body: new Uint8Array([0x7b, 0xff, 0xfe, 0x7d]), headers: json }, 400],
  [list, { body: '<a>', headers: { 'content-type': 'text/xml' } }, 400, notXml],
  [
    list,
    {
      body: '<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a><entry><c>&b;</c></entry></a>',
      headers: { 'content-type': 'text/xml' },
    },
    400,
    notXml,
  ],
  [
    list,
    {
      body: `<request><entry>${'<a>'.repeat(5000)}${'</a>'.repeat(5000)}</entry></request>`,
      headers: { 'content-type': 'text/xml' },
    },
    400,
  ],
  [`${list}/x`, { method: 'PATCH', headers: json, body: '{"state":"1"}' }, 404, noRecord],
  ['/api/now/table/nope', { headers: json, body: '{}' }, 400, invalidTable('nope')],
  ['/api/now/table/nope/x', { method: 'DELETE' }, 400, invalidTable('nope')],
  ['/api/causeway/token/inspect', {}, 405, wrongMethod],
  ['/api/causeway/token/inspect', { headers: json, body: '{}' }, 400],
  ['/api/causeway/token/inspect', { headers: json, body: '{"token":5}' }, 400],
  ['/api/causeway/token/inspect', { headers: json, body: '[]' }, 400],
  ['/api/causeway/token/inspect', { headers: json, body: 'null' }, 400],
  ['/api/causeway/token/inspect', { headers: json, body: '{"token":"not a token"}' }, 200],
];

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
    for (const [path, ask, status, body] of table) {
      const name = `${ask.method ?? (ask.body === undefined ? 'GET' : 'POST')} ${path.slice(0, 90)} ${JSON.stringify(ask.headers ?? {}).slice(0, 60)} ${String(ask.body ?? '').slice(0, 30)}`;
      test(`${name} → ${status}`, async () => {
        const said = await running.ask(path, ask);
        assert.equal(said.status, status, said.text.slice(0, 300));
        if (body !== undefined) assert.equal(said.text, body);
      });
    }

    test('none of this made a row', async () => assert.equal(await countRows(), rowsBefore));

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
        /^HTTP\/1\.1 (200|400|404) /,
      ],
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
