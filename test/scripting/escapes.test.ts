// Attempts to get out of the sandbox, or to take the house down from inside it. Each one has to be contained, and the next script
// of another caller has to find everything as it was.
import assert from 'node:assert/strict';
import { after, afterEach, before, it } from 'node:test';
import { bareHost, madeBy, openRunner } from './part.ts';

let opened: ReturnType<typeof openRunner>;
before(() => {
  opened = openRunner({
    poolSize: 1,
    limits: { cpuMs: 300, wallMs: 5000, memoryBytes: 16 * 1024 * 1024, outputBytes: 1024 * 1024 },
  });
});
after(() => opened.runner.close());
afterEach(async () => {
  assert.deepEqual({ ...Object.prototype }, {}, 'the host’s own objects are as they were');
  assert.equal(
    madeBy(await opened.run(`[typeof leaked, Object.keys(Object.prototype).length, [].map === Array.prototype.map].join()`)),
    'undefined,0,true',
  );
});

const hostNames =
  'process,require,module,Buffer,fetch,console,setTimeout,setImmediate,WebAssembly,Worker,Deno,std,os,bridge,kit,postMessage,XMLHttpRequest';

const answered: ReadonlyArray<readonly [attempt: string, source: string, value: unknown]> = [
  ['names of the host', `'${hostNames}'.split(',').filter(function (n) { return typeof globalThis[n] !== 'undefined'; })`, []],
  [
    'the constructor of a constructor',
    `(function () { try { return this.constructor.constructor('return typeof process')(); } catch (e) { return 'undefined'; } })()`,
    'undefined',
  ],
  ['the constructor of a host function', `gs.log.constructor('return typeof process + typeof require')()`, 'undefinedundefined'],
  [
    'the constructor of what the host answered',
    `gs.getProperty('x').constructor.constructor('return typeof process')()`,
    'undefined',
  ],
  [
    'Function and eval',
    `[new Function('return typeof process')(), eval('typeof require'), (0, eval)('typeof module')].join()`,
    'undefined,undefined,undefined',
  ],
  [
    'generator and async constructors',
    `[Object.getPrototypeOf(function* () {}).constructor('yield typeof process')().next().value]`,
    ['undefined'],
  ],
  [
    'a stack that is prepared by the script',
    `(function () { Error.prepareStackTrace = function (e, frames) { return frames; }; var s = new Error('x').stack; return typeof s === 'string' || s.every(function (f) { var t = f.getThis && f.getThis(); return t === undefined || typeof t.process === 'undefined'; }); })()`,
    true,
  ],
  [
    'caller and callee',
    `(function () { try { return String(arguments.callee.caller); } catch (e) { return 'undefined'; } })()`,
    'undefined',
  ],
  ['a name of another run', `leaked = 1; Object.prototype.polluted = 1; Array.prototype.map = null; 1`, 1],
  [
    '__proto__ in what is handed back',
    `JSON.parse('{"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}}}')`,
    undefined,
  ],
  [
    '__proto__ in what is asked of the host',
    `gs.getProperty(JSON.parse('{"__proto__":{"polluted":1}}')), ({}).polluted === undefined`,
    true,
  ],
  ['toJSON', `({ toJSON: function () { return { a: 1 }; } })`, { a: 1 }],
  ['a toJSON on all objects', `Object.prototype.toJSON = function () { return 'mine'; }; ({ a: 1 })`, undefined],
  [
    'a JSON of its own',
    `JSON.stringify = function () { return '{"value":"forged","variables":{}}'; }; JSON.parse = null; 'true one'`,
    'true one',
  ],
  ['a proxy as result', `new Proxy({ a: 1 }, { get: function (t, k) { return t[k]; } })`, { a: 1 }],
  ['a function as result', `(function () { return function () {}; })()`, null],
  ['a symbol as result', `Symbol.iterator`, null],
  [
    'a shared buffer',
    `typeof SharedArrayBuffer === 'undefined' || (function () { try { Atomics.wait(new Int32Array(new SharedArrayBuffer(8)), 0, 0, 60000); return false; } catch (e) { return true; } })()`,
    true,
  ],
  ['a lone surrogate', `'\\ud800'.length`, 1],
  ['an unknown call to the host', `gs.getProperty('constructor')`, 'answered'],
];

for (const [attempt, source, expected] of answered) {
  it(`contains ${attempt}`, async () => {
    const outcome = await opened.run(source, { host: bareHost({ property: async () => 'answered' }) });
    const value = madeBy(outcome);
    if (expected !== undefined) assert.deepEqual(value, expected);
    assert.equal(({} as Record<string, unknown>).polluted, undefined);
  });
}

it('contains import(): there is no module to be had', async () => {
  const { fault } = await opened.run(`import('node:fs').then(function (fs) { return Object.keys(fs); })`);
  assert.equal(fault?.code, 'scripting.uncaught');
});

const ended: ReadonlyArray<readonly [attempt: string, source: string, codes: readonly string[]]> = [
  ['an endless loop', `while (true) {}`, ['time_exceeded']],
  [
    'an endless loop behind try, catch and finally',
    `for (;;) { try { while (true) {} } catch (e) { } finally { while (true) {} } }`,
    ['time_exceeded'],
  ],
  // Each waits for the next: on a quick machine the memory goes before the time does.
  [
    'an endless chain of promises',
    `(function again() { return Promise.resolve().then(again); })(); 1`,
    ['time_exceeded', 'memory_exceeded'],
  ],
  ['promises without end that do not wait', `(function again() { Promise.resolve().then(again); })(); 1`, ['time_exceeded']],
  ['an expression that backtracks for ever', `/(a+)+$/.test('a'.repeat(50) + 'b')`, ['time_exceeded']],
  ['a loop inside a built-in function', `Array(1e9).join('')`, ['time_exceeded', 'memory_exceeded']],
  ['a getter that never ends, in the result', `({ get a() { while (true) {} } })`, ['time_exceeded']],
  ['an error whose message never ends', `throw { get message() { while (true) {} } }`, ['time_exceeded']],
  ['a proxy without end in the result', `new Proxy({}, { ownKeys: function () { for (;;) {} } })`, ['time_exceeded']],
  ['a getter that throws, in the result', `({ get a() { throw new Error('bomb'); } })`, ['uncaught']],
  ['a circle in the result', `var a = {}; a.a = a; a`, ['uncaught']],
  ['recursion without end', `(function f() { return f() + 1; })()`, ['stack_exceeded']],
  [
    'recursion without end that catches itself',
    `(function f() { try { f(); } catch (e) { f(); } })()`,
    ['stack_exceeded', 'time_exceeded'],
  ],
  ['recursion through toString', `var o = { toString: function () { return '' + o; } }; '' + o`, ['stack_exceeded']],
  ['data nested too deeply to read', `JSON.parse('['.repeat(500000))`, ['stack_exceeded', 'uncaught']],
  [
    'data nested too deeply to hand back',
    `var o = {}; for (var i = 0; i < 20000; i++) o = { o: o }; o`,
    ['stack_exceeded', 'time_exceeded', 'memory_exceeded'],
  ],
  ['source nested too deeply', `eval('('.repeat(100000))`, ['stack_exceeded', 'uncaught']],
  [
    'proxies of proxies',
    `var p = {}; for (var i = 0; i < 20000; i++) p = new Proxy(p, {}); p.x`,
    ['stack_exceeded', 'time_exceeded'],
  ],
  ['objects without end', `var a = []; for (;;) a.push({ a: 1, b: [1, 2, 3] })`, ['memory_exceeded']],
  ['buffers without end', `var a = []; for (;;) a.push(new Uint8Array(1e6))`, ['memory_exceeded']],
  ['one enormous buffer', `new ArrayBuffer(2 ** 31 - 1)`, ['memory_exceeded', 'uncaught']],
  ['one enormous text', `'x'.repeat(2 ** 29)`, ['memory_exceeded']],
  ['a text that doubles', `var s = 'x'; for (;;) s += s`, ['memory_exceeded']],
  ['an enormous number', `2n ** (2n ** 40n)`, ['memory_exceeded', 'time_exceeded', 'uncaught']],
  ['more output than allowed', `'x'.repeat(2e6)`, ['output_too_large']],
  ['more bytes than characters', `'\\u20ac'.repeat(5e5)`, ['output_too_large']],
  ['more than allowed handed to the host', `gs.getProperty('x'.repeat(2e6))`, ['output_too_large']],
  [
    'calls to the host without end',
    `for (;;) { try { gs.getProperty('x'); } catch (e) {} }`,
    ['too_many_queries', 'time_exceeded'],
  ],
];

for (const [attempt, source, codes] of ended) {
  it(`ends ${attempt}`, async () => {
    // What comes to another end has the time for it, on a machine that is slow or busy too.
    const limits = codes.includes('time_exceeded') ? {} : { cpuMs: 20_000, wallMs: 60_000 };
    const { fault, value } = await opened.run(source, { limits });
    assert.ok(
      codes.includes(fault?.code.replace('scripting.', '') ?? 'finished'),
      `${fault?.code} ${fault?.message} ${JSON.stringify(value)?.slice(0, 80)}`,
    );
  });
}

it('takes no more memory from the machine than the limit, however small the pieces', async () => {
  const before = process.memoryUsage().rss;
  const { fault } = await opened.run(`var a = []; for (;;) a.push({ a: {} })`, { limits: { cpuMs: 20_000, wallMs: 60_000 } });
  assert.equal(fault?.code, 'scripting.memory_exceeded');
  assert.ok(process.memoryUsage().rss - before < 128 * 1024 * 1024);
});

it('says that memory ran out also where only promises saw it', async () => {
  const chain = `(function again() { return Promise.resolve().then(again); })(); 1`;
  const { fault } = await opened.run(chain, { limits: { cpuMs: 20_000, wallMs: 60_000 } });
  assert.equal(fault?.code, 'scripting.memory_exceeded');
});

it('keeps a log within its limit and says that it did', async () => {
  const { logs } = await opened.run(`for (var i = 0; i < 2000; i++) gs.info('line ' + i); 1`, { limits: { logLines: 10 } });
  assert.equal(logs.length, 11);
  assert.match(logs.at(-1)?.text ?? '', /full/);
});

it('refuses a source that is too long before it is compiled', async () => {
  const { fault } = await opened.run(`/*${'x'.repeat(2000)}*/1`, { limits: { sourceBytes: 1000 } });
  assert.equal(fault?.code, 'scripting.source_too_large');
});

it('nothing of a script runs while it is compiled, so none runs ahead in the sandbox of the next one', async () => {
  const calls: string[] = [];
  const host = bareHost({ property: async (input) => calls.push(JSON.stringify(input)) });
  const poison = `leaked = 1; Object.prototype.polluted = 1; gs.getProperty('ran');`;
  for (const [open, close] of [
    ['1)});', '(function(){return (1'],
    ['1}))});', '((function(){return ({a:1'],
  ]) {
    const { fault } = await opened.run(`${open} ${poison} ${close}`, { host });
    assert.equal(fault?.code, 'scripting.syntax_error');
    assert.deepEqual(calls, []);
    assert.equal(madeBy(await opened.run('[typeof leaked, typeof {}.polluted].join()')), 'undefined,undefined');
  }
});
