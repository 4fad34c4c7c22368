// What a run answers, what its failures are called, and that one script does not hold up another.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { makeManualClock } from '../../src/kit/clock.ts';
import { Fault } from '../../src/kit/fault.ts';
import { bareHost, madeBy, openRunner } from './part.ts';

describe('a run', () => {
  let opened: ReturnType<typeof openRunner>;
  before(() => {
    opened = openRunner();
  });
  after(() => opened.runner.close());

  it('answers the completion value, also of several statements and of a promise', async () => {
    assert.equal(madeBy(await opened.run('1 + 1;')), 2);
    assert.equal(madeBy(await opened.run('var a = 1;\nvar b = 2;\na + b')), 3);
    assert.deepEqual(madeBy(await opened.run('Promise.resolve({ a: [1] })')), { a: [1] });
    assert.equal(madeBy(await opened.run('// only a remark\n5 // and another')), 5);
  });

  it('hands globals in and named variables out', async () => {
    const outcome = await opened.run('b = a.n * 2; c = undefined;', { globals: { a: { n: 21 } }, read: ['b', 'c', 'nowhere'] });
    assert.deepEqual(outcome.variables, { b: 42 });
  });

  it('says where a script does not compile', async () => {
    const { fault, thrown } = await opened.run('var a = 1;\nvar b = ;\n');
    assert.equal(fault?.code, 'scripting.syntax_error');
    assert.deepEqual([thrown?.line, thrown?.column], [2, 9]);
    const first = await opened.run('1 +* 2');
    assert.deepEqual([first.thrown?.line, first.thrown?.column], [1, 4]);
  });

  it('says what was thrown, and where', async () => {
    const { fault, thrown } = await opened.run(`(function () {\n  var x = null;\n  return x.y;\n})();`);
    assert.equal(fault?.code, 'scripting.uncaught');
    assert.equal(fault?.kind, 'failed');
    assert.equal(thrown?.name, 'TypeError');
    assert.equal(thrown?.line, 3);
    for (const [source, message] of [
      ['throw "text"', 'text'],
      ['throw { message: "object" }', 'object'],
      ['Promise.reject(new Error("late"))', 'late'],
    ] as const) {
      assert.equal((await opened.run(source)).fault?.message, message);
    }
    assert.equal((await opened.run('throw null')).fault?.code, 'scripting.uncaught');
  });

  it('lets a script catch a refusal of its host, but not the end of a run', async () => {
    const refuse = (fault: Fault) => bareHost({ property: () => Promise.reject(fault) });
    const source = `try { gs.getProperty('x'); } catch (e) { e.code + ': ' + e.message }`;
    const caught = await opened.run(source, { host: refuse(new Fault('forbidden', 'records.refused', 'No')) });
    assert.equal(madeBy(caught), 'records.refused: No');
    const ended = await opened.run(source, { host: refuse(new Fault('too_large', 'scripting.too_many_queries', 'Enough')) });
    assert.equal(ended.fault?.code, 'scripting.too_many_queries');
  });

  it('throws what is a bug of the host, and goes on with the next script', async () => {
    const host = bareHost({ property: () => Promise.reject(new TypeError('a bug')) });
    await assert.rejects(opened.run(`gs.getProperty('x')`, { host }), /a bug/);
    assert.equal(madeBy(await opened.run('1')), 1);
  });

  it('moves dates by calendar and by clock', async () => {
    const value = madeBy(
      await opened.run(`var d = new GlideDateTime('2026-01-31 10:00:00'); d.addMonthsUTC(1); var e = new GlideDateTime(d); e.addSeconds(61);
        [d.getValue(), e.getValue(), e.after(d), d.compareTo(e), GlideDateTime.subtract(d, e).getNumericValue(), new GlideDateTime('nonsense').isValid(), gs.beginningOfThisWeek(), gs.endOfLastMonth()]`),
    );
    assert.deepEqual(value, [
      '2026-02-28 10:00:00',
      '2026-02-28 10:01:01',
      true,
      -1,
      61000,
      false,
      '2026-11-16 00:00:00',
      '2026-10-31 23:59:59',
    ]);
  });
});

describe('sessions', () => {
  it('keep what a script defines for the next one, and only for it', async () => {
    const { runner } = openRunner();
    const session = await runner.open();
    const step = (source: string, limits = {}) =>
      session.step({ source, file: 'step', host: bareHost(), read: ['count'], limits });
    await step('count = 1;');
    await step('count = count + 1;');
    await step(
      '"use strict"; var own = 1, list = [\n1],\n  more = 2; /* let undefined, if */ function twice(x) { var inner = x; return inner * 2 }\nlet late = {};',
    );
    assert.equal(
      (await step('[own, list[0], more, twice(4), typeof late, typeof inner].join()')).value,
      '1,1,2,8,object,undefined',
    );
    assert.equal((await step('if (count) throw new Error("no")')).fault?.code, 'scripting.uncaught');
    assert.equal((await step('count++;')).variables.count, 3);
    assert.equal((await step('for (;;) {}', { cpuMs: 200 })).fault?.code, 'scripting.time_exceeded');
    assert.equal((await step('typeof count')).value, 'undefined');
    session.close();
    const next = await runner.open();
    assert.equal((await next.step({ source: 'typeof count', file: 'step', host: bareHost() })).value, 'undefined');
    next.close();
    await runner.close();
  });
});

describe('many scripts', () => {
  it('go on while one runs away', async () => {
    const { runner, run } = openRunner({ poolSize: 2 });
    await Promise.all([run('1'), run('1')]);
    const order: string[] = [];
    const runaway = run('for (;;) {}', { lane: 'bad', limits: { cpuMs: 1500 } }).then((outcome) => {
      order.push('runaway');
      return outcome;
    });
    const small = Array.from({ length: 20 }, (_, at) => run(`${at} + 1`, { lane: 'good' }).then(madeBy));
    assert.deepEqual(
      await Promise.all(small),
      Array.from({ length: 20 }, (_, at) => at + 1),
    );
    order.push('small');
    assert.equal((await runaway).fault?.code, 'scripting.time_exceeded');
    assert.deepEqual(order, ['small', 'runaway']);
    await runner.close();
  });

  it('of one lane never take every worker', async () => {
    const { runner, run } = openRunner({ poolSize: 2 });
    await Promise.all([run('1'), run('1')]);
    const bad = Array.from({ length: 3 }, () => run('for (;;) {}', { lane: 'bad', limits: { cpuMs: 700 } }));
    const first = await Promise.race([run('1', { lane: 'good' }).then(() => 'good'), ...bad.map((one) => one.then(() => 'bad'))]);
    assert.equal(first, 'good');
    await Promise.all(bad);
    await runner.close();
  });

  it('that start one another come to an end, however few workers there are', async () => {
    const { runner } = openRunner({ poolSize: 1 });
    const nested = (depth: number) =>
      bareHost({
        property: async () => {
          const inner = await runner.run({
            source: `gs.getProperty('x')`,
            file: 'inner',
            host: depth > 0 ? nested(depth - 1) : bareHost(),
          });
          return inner.fault ? inner.fault.code : (inner.value as string | null);
        },
      });
    const outer = await runner.run({ source: `gs.getProperty('x')`, file: 'outer', host: nested(2) });
    assert.equal(madeBy(outer), null);
    const tooDeep = await runner.run({ source: `gs.getProperty('x')`, file: 'outer', host: nested(9) });
    assert.equal(madeBy(tooDeep), 'scripting.nested_too_deep');
    await runner.close();
  });

  it('are refused when too many wait', async () => {
    const { runner, run } = openRunner({ poolSize: 1, maxWaiting: 1 });
    const runs = [run('1'), run('1'), run('1')];
    await assert.rejects(
      runs[2] ?? Promise.resolve(),
      (error) => error instanceof Fault && error.code === 'scripting.overloaded',
    );
    await Promise.all(runs.slice(0, 2));
    await runner.close();
  });

  it('are given up when the wall clock says so, though they only wait for their host', async () => {
    const clock = makeManualClock(0);
    const { runner } = openRunner({ clock });
    const called = Promise.withResolvers<void>();
    const host = bareHost({
      property: () => {
        called.resolve();
        return new Promise(() => {});
      },
    });
    const run = runner.run({ source: `gs.getProperty('x')`, file: 'waits', host, limits: { wallMs: 1000 } });
    await called.promise;
    clock.advance(1000);
    assert.equal((await run).fault?.code, 'scripting.time_exceeded');
    await runner.close();
  });
});
