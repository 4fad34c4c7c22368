// Another process holds the lock of the file: writes wait for it, for a bounded time, and reads do not wait at all.
import assert from 'node:assert/strict';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, test } from 'node:test';
import { type ManualClock, makeManualClock } from '../../../src/kit/clock.ts';
import { openStore } from '../../../src/store/open_store.ts';
import type { Store } from '../../../src/store/store.ts';
import { insertThing, thingTable } from '../../contracts/store.ts';
import { engines } from '../../parts/engines.ts';

let clock: ManualClock;
let store: Store;
let other: DatabaseSync;
let drop: () => Promise<void>;

beforeEach(async () => {
  const database = await engines.find((engine) => engine.name === 'sqlite')?.fresh();
  assert.ok(database);
  drop = database.drop;
  clock = makeManualClock(0);
  store = await openStore({ location: database.location, clock, random: () => 0.5 });
  await store.write((transaction) => transaction.define([thingTable]));
  other = new DatabaseSync(database.location);
});
afterEach(async () => {
  other.close();
  await store.close();
  await drop();
});

const add = (id: string) => store.write((transaction) => insertThing(transaction, { id }));
const turn = () => new Promise((resolve) => setImmediate(resolve));

/** Turns the clock until the promise is settled; answers how far. */
const turnedUntilSettled = async (promise: Promise<unknown>): Promise<number> => {
  let isSettled = false;
  promise.then(
    () => (isSettled = true),
    () => (isSettled = true),
  );
  for (let count = 0; count < 10_000 && !isSettled; count += 1) {
    clock.advance(1);
    await turn();
  }
  return clock.now();
};

test('a write waits until the lock is free, and reads go on meanwhile', async () => {
  other.exec('BEGIN IMMEDIATE');
  const write = add('a');
  for (let count = 0; count < 20; count += 1) {
    clock.advance(1);
    await turn();
  }
  assert.deepEqual(await store.read('SELECT id FROM thing'), []);
  other.exec('COMMIT');
  await turnedUntilSettled(write);
  await write;
  assert.deepEqual(await store.read('SELECT id FROM thing'), [['a']]);
});

test('after five seconds of waiting all that wait get store.busy, and later writes work', async () => {
  other.exec('BEGIN IMMEDIATE');
  const writes = Promise.allSettled([add('a'), add('b')]);
  const waitedMs = await turnedUntilSettled(writes);
  assert.ok(waitedMs >= 5000 && waitedMs < 6000, `waited ${waitedMs} ms`);
  for (const outcome of await writes) {
    assert.equal(outcome.status, 'rejected');
    assert.equal(outcome.status === 'rejected' && outcome.reason.code, 'store.busy');
  }
  other.exec('COMMIT');
  await add('c');
  assert.deepEqual(await store.read('SELECT id FROM thing'), [['c']]);
});

test('a topic raised by another process is seen in the next turn of the event loop', async () => {
  assert.equal(store.topic('roles'), 0);
  other.exec(`INSERT INTO causeway_topic VALUES ('roles', 4)`);
  await turn();
  assert.equal(store.topic('roles'), 4);
  await store.write((transaction) => transaction.bump('roles'));
  assert.equal(store.topic('roles'), 5);
});

test('long reads beyond what may wait are store.overloaded, and a limit counts from the question', async () => {
  const endless = 'WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c) SELECT count(*) FROM c';
  const asked = Array.from({ length: 70 }, () => store.read(endless, [], { long: true, timeLimitMs: 1000 }));
  const outcomes = Promise.allSettled(asked);
  await turn();
  clock.advance(1000);
  const codes = (await outcomes).map((outcome) => outcome.status === 'rejected' && outcome.reason.code);
  assert.equal(codes.filter((code) => code === 'store.query_cancelled').length, 66);
  assert.equal(codes.filter((code) => code === 'store.overloaded').length, 4);
  assert.deepEqual(await store.read('SELECT 1', [], { long: true }), [[1]]);
});

test('a failure that takes the whole transaction away fails all that shared it, and the store goes on', async () => {
  await add('a');
  const outcomes = await Promise.allSettled([
    add('b'),
    // What a full disk does: SQLite rolls back by itself.
    store.write((transaction) => transaction.run(`INSERT OR ROLLBACK INTO thing (id) VALUES ('a')`)),
    add('c'),
  ]);
  assert.deepEqual(
    outcomes.map((outcome) => outcome.status === 'rejected' && outcome.reason.code),
    ['store.not_written', 'store.duplicate', false],
  );
  assert.deepEqual(await store.read('SELECT id FROM thing ORDER BY id'), [['a'], ['c']]);
});
