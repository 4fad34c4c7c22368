// Claims and leases: who holds what, until when, and what is left when he is gone.
import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';
import { claim, leaseLanes, rowsALane } from '../../../src/exchange/outbox/claim.ts';
import { purgeQueue } from '../../../src/exchange/outbox/purge.ts';
import { takeBackExpired, takeBackOwn } from '../../../src/exchange/outbox/take_back.ts';
import { makeManualClock, systemClock } from '../../../src/kit/clock.ts';
import { forEachEngine } from '../../parts/engines.ts';
import { connection, openPair, type Pair } from '../part.ts';

forEachEngine((engine) => {
  let pair: Pair;
  beforeEach(async () => {
    pair = await openPair(engine);
  });
  afterEach(() => pair.close());

  const take = (worker: string, now: number, bytesPerLane = 1_000_000, heedsPause = true) =>
    pair.a.store.write(async (transaction) => {
      const limits = { laneLimit: 100, rowLimit: 100, rowsPerLane: 100, bytesPerLane, heedsPause };
      const request = { connection, lease: `${worker}/1`, now, leaseMs: 90_000, ...limits };
      const lanes = await claim(transaction, request, await leaseLanes(transaction, request));
      return lanes.reduce((sum, { rows }) => sum + rows.length, 0);
    });

  test('a lane gives as much as one POST takes, and one message however large it is', async () => {
    for (const n of [1, 2, 3, 4]) await pair.a.send('r', n);
    const now = Date.now() + 10;
    assert.equal(await take('one', now, 1), 1);
    assert.deepEqual(await pair.a.states(), { ready: 3, running: 1 });
    const back = () => pair.a.store.write((transaction) => takeBackOwn(transaction, 'one', now));
    assert.equal(await back(), 1);
    assert.deepEqual(await pair.a.states(), { ready: 4 });
    assert.equal(await take('one', now, 2_000), 2);
  });

  test('a claim says how many messages its lanes have, so that the next takes no more lanes than fill a POST', async () => {
    for (const n of [1, 2, 3, 4]) await pair.a.send('r', n);
    for (const n of [1, 2]) await pair.a.send('s', n);
    const found = (rowsPerLane: number) =>
      pair.a.store.write(async (transaction) => {
        const limits = { laneLimit: 10, rowLimit: 100, rowsPerLane, bytesPerLane: 1_000_000, heedsPause: true };
        const request = { connection, lease: 'one/1', now: Date.now() + 10, leaseMs: 90_000, ...limits };
        const leased = await leaseLanes(transaction, request);
        await takeBackOwn(transaction, 'one', 1);
        return rowsALane(leased, request);
      });
    assert.equal(await found(100), 3);
    // Of a POST of twelve a lane takes at most three.
    assert.equal(await found(12), 2.5);
    assert.equal(await found(1), 1);
  });

  test('what one worker holds another does not get, until the lease has ended', async () => {
    for (const n of [1, 2, 3]) await pair.a.send(`r${n % 2}`, n);
    const now = Date.now() + 10;
    assert.equal(await take('one', now), 3);
    assert.equal(await take('two', now), 0);
    const back = (at: number) => pair.a.store.write((transaction) => takeBackExpired(transaction, connection, at));
    assert.equal(await back(now + 89_000), 0);
    assert.equal(await back(now + 91_000), 2);
    assert.deepEqual(await pair.a.states(), { ready: 3 });
    assert.equal(await take('two', now + 91_000), 3);
  });

  test('while the connection is paused nothing is taken, but for a probe', async () => {
    await pair.a.send('r', 1);
    const now = Date.now() + 10;
    await pair.a.store.write((transaction) => transaction.run(`UPDATE sn_transport_profile SET pause = 'breaker'`));
    assert.equal(await take('one', now), 0);
    assert.deepEqual(await pair.a.states(), { ready: 1 });
    assert.equal(await take('one', now, 1_000_000, false), 1);
  });

  test('a worker that starts anew takes back its own at once, and nothing of the others', async () => {
    await pair.a.send('r', 1);
    const now = Date.now() + 10;
    assert.equal(await take('one', now), 1);
    const own = (worker: string) => pair.a.store.write((transaction) => takeBackOwn(transaction, worker, now));
    assert.equal(await own('on'), 0);
    assert.equal(await own('two'), 0);
    assert.equal(await own('one'), 1);
    assert.equal(await take('one', now), 1);
  });

  test('only what was finished long ago is removed', async () => {
    await pair.a.send('r', 1);
    await Promise.all([pair.a.transport.start(), pair.b.transport.start()]);
    while (JSON.stringify(await pair.a.states()) !== '{"processed":1}') await new Promise((resolve) => setTimeout(resolve, 5));
    await pair.a.transport.stop();
    await pair.a.send('r', 2);
    const purgeAt = (nowMs: number, ttlMs: number) => purgeQueue({ store: pair.a.store, clock: makeManualClock(nowMs) }, ttlMs);
    assert.equal(await purgeAt(systemClock.now() + 1_000, 0), 0);
    assert.equal(await purgeAt(systemClock.now() + 1_000, 3_600_000), 0);
    // The message and its attempt.
    assert.equal(await purgeAt(systemClock.now() + 7_200_000, 3_600_000), 2);
    assert.deepEqual(await pair.a.states(), { ready: 1 });
  });
});
