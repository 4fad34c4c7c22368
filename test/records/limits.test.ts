// Hourly limits and turns: who is bound by which rule, what is counted where, and what a caller may do at once.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { isFault } from '../../src/kit/fault.ts';
import { makeTurns } from '../../src/kit/turns.ts';
import { makeCallLimits } from '../../src/records/limits/call_limits.ts';
import type { LimitedCall } from '../../src/records/limits/rate_rules.ts';
import { roleId } from '../../src/records/tables/sys_user_role.ts';
import { forEachEngine } from '../parts/engines.ts';
import { callerWith, type Opened, openOn } from './part.ts';

const admin = callerWith(['admin'], { userName: 'admin' });
const ada = callerWith(['itil', 'import_admin'], { userSysId: 'a'.repeat(32), userName: 'ada' });
const ben = callerWith([], { userSysId: 'b'.repeat(32), userName: 'ben' });
const list: LimitedCall = { api: 'now/table', version: 'v2', resource: 'now/table/incident', method: 'GET' };

forEachEngine((engine) => {
  describe('an hourly limit', () => {
    let opened: Opened;
    before(async () => {
      opened = await openOn(engine);
    });
    after(() => opened.close());

    const limitsOf = (on: Pick<Opened, 'store'>) => makeCallLimits({ store: on.store, clock: opened.clock });

    const pass = async (limits: ReturnType<typeof limitsOf>, caller = ada, call = list) => {
      const { headers, leave } = await limits.enter(caller, call);
      leave();
      return headers;
    };

    const withRule = async (values: Record<string, string>, work: (sysId: string) => Promise<void>) => {
      const { sysId } = await opened.records.insert(admin, 'sys_rate_limit_rules', { name: 'rule', ...values });
      try {
        await work(sysId);
      } finally {
        await opened.records.remove(admin, 'sys_rate_limit_rules', sysId);
      }
    };

    it('is not told of where no rule binds', async () => {
      assert.deepEqual(await pass(limitsOf(opened)), {});
      await withRule({ request_limit: '1', rest_api: 'now/stats' }, async () => {
        assert.deepEqual(await pass(limitsOf(opened)), {});
      });
    });

    it('lets exactly so many through, in all processes together, and says when to come back', async () => {
      const other = await opened.openAgain();
      await withRule({ request_limit: '5' }, async (sysId) => {
        const both = [limitsOf(opened), limitsOf(other)];
        const outcomes = await Promise.allSettled(Array.from({ length: 12 }, (_, at) => pass(both[at % 2] ?? limitsOf(opened))));
        assert.equal(outcomes.filter(({ status }) => status === 'fulfilled').length, 5);
        const [refused] = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason as unknown] : []));
        assert.ok(isFault(refused, 'limits.rate_exceeded'));
        assert.equal(refused.message, 'Rate limit exceeded');
        assert.equal(refused.explanation, 'Rate limit of 5 requests per hour for Table API exceeded');
        assert.equal(refused.retryAfterSeconds, 3600);
        const resetAt = String(Math.floor(opened.clock.now() / 1000) + 3600);
        assert.deepEqual(refused.headers, { 'X-RateLimit-Limit': '5', 'X-RateLimit-Reset': resetAt, 'X-RateLimit-Rule': sysId });
        assert.ok(await pass(limitsOf(opened), ben), 'each user has his own count');
        opened.clock.advance(3_600_000);
        assert.equal((await pass(limitsOf(other)))['X-RateLimit-Limit'], '5');
      });
      await other.close();
    });

    it('counts from nothing when its rule was changed', async () => {
      await withRule({ request_limit: '1' }, async (sysId) => {
        const limits = limitsOf(opened);
        await pass(limits);
        await assert.rejects(pass(limits), (error: unknown) => isFault(error, 'limits.rate_exceeded'));
        await opened.records.update(admin, 'sys_rate_limit_rules', sysId, { request_limit: '2' });
        await pass(limits);
        await pass(limits);
        await assert.rejects(pass(limits), (error: unknown) => isFault(error, 'limits.rate_exceeded'));
      });
    });

    it('is that of the user before that of a role before that for all, and the lowest of several roles', async () => {
      const bound = async (caller = ada) => (await pass(limitsOf(opened), caller))['X-RateLimit-Limit'];
      await withRule({ request_limit: '9' }, async () => {
        assert.equal(await bound(), '9');
        await withRule({ request_limit: '40', apply_to: 'role', role: roleId('itil') }, async () => {
          assert.equal(await bound(), '40');
          assert.equal(await bound(ben), '9');
          await withRule({ request_limit: '30', apply_to: 'role', role: roleId('import_admin') }, async () => {
            assert.equal(await bound(), '30');
            await withRule({ request_limit: '50', apply_to: 'user', user: ada.userSysId }, async () => {
              assert.equal(await bound(), '50');
            });
          });
        });
      });
    });

    const matches: Array<[Record<string, string>, boolean]> = [
      [{ rest_api: 'now/table' }, true],
      [{ rest_version: 'v1' }, false],
      [{ rest_version: 'latest' }, true],
      [{ rest_method: 'get' }, true],
      [{ rest_method: 'DELETE' }, false],
      [{ table_name: 'incident' }, true],
      [{ table_name: 'task' }, false],
      [{ rest_resource: 'now/table/incident' }, true],
      [{ active: 'false' }, false],
    ];
    for (const [values, isBound] of matches) {
      it(`${isBound ? 'binds' : 'does not bind'} by ${JSON.stringify(values)}`, async () => {
        await withRule({ request_limit: '7', ...values }, async () => {
          assert.equal((await pass(limitsOf(opened)))['X-RateLimit-Limit'], isBound ? '7' : undefined);
        });
      });
    }

    it('leaves calls whose bodies are still on their way in a line of their own', async () => {
      const limits = makeCallLimits({ store: opened.store, clock: opened.clock, atOnce: 1, waiting: 0 });
      const slow = await limits.enter(ada, { ...list, method: 'POST', isArriving: true });
      await pass(limits);
      await assert.rejects(
        async () => limits.enter(ada, { ...list, method: 'POST', isArriving: true }),
        (error: unknown) => isFault(error, 'turns.too_many'),
      );
      slow.leave();
      (await limits.enter(ada, { ...list, method: 'POST', isArriving: true })).leave();
    });

    it('is refused as a rule that makes no sense', async () => {
      const nonsense: Array<Record<string, string>> = [
        { request_limit: '0' },
        { request_limit: '5', apply_to: 'user' },
        { request_limit: '5', apply_to: 'role' },
      ];
      for (const values of nonsense)
        await assert.rejects(opened.records.insert(admin, 'sys_rate_limit_rules', { name: 'x', ...values }), (error: unknown) =>
          isFault(error, 'records.value_refused'),
        );
    });
  });
});

describe('turns', () => {
  it('run so many at once, in order, and do not let one name hold up another', async () => {
    const turns = makeTurns({ atOnce: 1, waiting: 2 });
    const done: string[] = [];
    const first = await turns.take('a');
    const second = turns.run('a', async () => void done.push('second'));
    const third = turns.run('a', async () => void done.push('third'));
    await assert.rejects(
      async () => turns.take('a'),
      (error: unknown) => isFault(error, 'turns.too_many'),
    );
    await turns.run('b', async () => void done.push('other'));
    assert.deepEqual(done, ['other']);
    first();
    await Promise.all([second, third]);
    assert.deepEqual(done, ['other', 'second', 'third']);
  });

  it('are not kept for those who went away, who do not stand in the line of others either', async () => {
    const turns = makeTurns({ atOnce: 1, waiting: 2 });
    const refused = (error: unknown) => isFault(error, 'turns.too_many');
    let isGone = false;
    const first = await turns.take('a');
    const gone = Promise.allSettled([turns.take('a', () => isGone), turns.take('a', () => isGone)]);
    await assert.rejects(async () => turns.take('a'), refused);
    isGone = true;
    const second = turns.take('a');
    for (const { status } of await gone) assert.equal(status, 'rejected');
    const late = assert.rejects(async () => turns.take('a', () => isGone), refused);
    first();
    (await second)();
    await late;
    await turns.run('a', async () => {});
  });

  it('give a turn back when the work failed', async () => {
    const turns = makeTurns({ atOnce: 1, waiting: 0 });
    await assert.rejects(
      turns.run('a', () => Promise.reject(new Error('no'))),
      /no/,
    );
    await turns.run('a', async () => {});
  });
});
