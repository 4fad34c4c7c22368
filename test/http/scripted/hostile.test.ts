// Scripts that mean harm, over HTTP: each ends with an error that says why, and other callers notice nothing.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { type Engine, engines } from '../../parts/engines.ts';
import { basic } from '../../parts/running_instance.ts';
import { openScripted } from './part.ts';

// 0: which of two limits is reached first depends on the machine.
const cases: ReadonlyArray<readonly [what: string, body: string, status: number, message: RegExp]> = [
  ['a loop without end', 'while (true) {}', 503, /^The script used more than 400 ms of processor time$/],
  ['a loop that catches everything', 'while (true) { try { throw 1; } catch (e) {} }', 503, /processor time/],
  ['a loop inside the engine', 'Array(1e9).join("x")', 0, /processor time|memory/],
  ['recursion without end', 'function f() { return f() + 1; } f();', 413, /^The script nested its calls or its data too deeply$/],
  ['memory without end', 'var a = "x"; while (true) a += a + "y";', 0, /memory|string|processor time/],
  ['too much output', 'return "x".repeat(3 * 1024 * 1024);', 413, /^The script handed back more than 2 MiB$/],
  [
    'too many queries',
    'for (;;) { var g = new GlideRecord("sys_user"); g.setLimit(1); g.query(); }',
    413,
    /^The script made more than 50 reads and writes of records$/,
  ],
  ['a function as a body', 'response.setBody(function () {}); return 1;', 200, /^$/],
  ['a circle as a body', 'var a = {}; a.a = a; return a;', 500, /circular/],
  ['a split header', 'response.setHeader("X-A", "b\\r\\nSet-Cookie: c=d");', 500, /^The script set .* that cannot be sent$/],
  [
    'a strange content type',
    'response.setContentType("nonsense"); return 1;',
    500,
    /^The script set a content type that cannot be sent$/,
  ],
  ['a strange status', 'response.setStatus(7);', 500, /^The script set a status that cannot be sent$/],
  [
    'a body nested without measure',
    'var a = []; for (var i = 0; i < 20000; i++) a = [a]; return a;',
    0,
    /too deeply|processor time/,
  ],
  ['a header that frames the message', 'response.setHeader("Trailer", "x"); response.setHeader("Upgrade", "y");', 200, /^$/],
  ['the way to the host', 'return this.constructor.constructor("return process")().env;', 500, /process/],
  ['a module', 'return require("fs");', 500, /require/],
  ['the network', 'return fetch("http://127.0.0.1");', 500, /fetch/],
  ['a thrown nothing', 'throw undefined;', 500, /./],
  [
    'a thrown object that bites',
    'throw { get message() { while (true) {} }, toString: function () { throw 1; } };',
    503,
    /processor time/,
  ],
];

// Nothing here depends on where the rows lie.
describe('a script that means harm', () => {
  let world: Awaited<ReturnType<typeof openScripted>>;
  let api: Record<string, string>;
  before(async () => {
    world = await openScripted(engines[0] as Engine);
    api = await world.makeApi('hostile');
    await world.makeUser('hostile.other', 'a password');
    for (const [name, value] of [
      ['causeway.script.cpu_ms', '400'],
      ['causeway.script.output_mb', '2'],
      ['causeway.script.queries', '50'],
    ] as const) {
      const [row] = (await world.ask(`/api/now/table/sys_properties?sysparm_query=name=${name}`)).json.result;
      await world.change('sys_properties', row.sys_id, { value });
    }
    await world.makeOperation(api, 'return 42;', { relative_path: '/good' });
  });
  after(() => world.stop());

  for (const [at, [what, body, status, message]] of cases.entries()) {
    it(`contains ${what}`, async () => {
      await world.makeOperation(api, body, { relative_path: `/bad${at}` });
      const said = await world.ask(`/api/x_test/hostile/bad${at}`);
      if (status === 0) assert.ok([413, 500, 503].includes(said.status), said.text);
      else assert.equal(said.status, status, said.text);
      assert.match(said.json?.error?.message ?? '', message);
      assert.deepEqual((await world.ask('/api/x_test/hostile/good')).json, { result: 42 });
    });
  }

  it('writes what is nested deeply as XML, or says that it cannot', async () => {
    const body = (depth: number) => `var a = 'x'; for (var i = 0; i < ${depth}; i++) a = { a: a }; return a;`;
    for (const [depth, accept] of [50, 400, 1500, 3000].flatMap((each) => [
      [each, 'text/xml'] as const,
      [each, 'application/json'] as const,
    ])) {
      const path = `/nested${depth}${accept.length}`;
      await world.makeOperation(api, body(depth), { relative_path: path });
      const said = await world.ask(`/api/x_test/hostile${path}`, { headers: { accept } });
      assert.ok(said.status === 200 || !/Internal error/.test(said.text), `${depth} ${accept}: ${said.text.slice(0, 300)}`);
      if (depth === 50) assert.equal(said.status, 200);
    }
  });

  it('keeps other callers quick while one runs away', async () => {
    await world.makeOperation(api, 'while (true) {}', { relative_path: '/away' });
    let isOver = false;
    const runaways = Promise.all(Array.from({ length: 4 }, () => world.ask('/api/x_test/hostile/away')));
    const ended = runaways.then((all) => {
      isOver = true;
      return all;
    });
    const other = basic('hostile.other', 'a password');
    const served: number[] = [];
    for (let at = 0; at < 10; at += 1) {
      const scripted = await world.ask('/api/x_test/hostile/good', { authorization: other });
      const native = await world.ask('/api/now/table/sys_user?sysparm_limit=1', { authorization: other });
      assert.deepEqual([scripted.status, native.status], [200, 200], scripted.text);
      if (!isOver) served.push(at);
    }
    // How many is a matter of the machine; where the runaways held every worker it would be none.
    assert.ok(served.length > 0, 'others were answered before the runaways had ended');
    assert.deepEqual(
      (await ended).map(({ status }) => status),
      [503, 503, 503, 503],
    );
  });
});
