// PostgreSQL goes away and comes back: callers are told so, nothing runs twice that may have happened, and the store recovers by itself.
import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';
import { makeManualClock, systemClock } from '../../../src/kit/clock.ts';
import { openStore } from '../../../src/store/open_store.ts';
import { makeStatementNames } from '../../../src/store/postgres/connections.ts';
import type { Store } from '../../../src/store/store.ts';
import { insertThing, openTestStore, thingTable } from '../../contracts/store.ts';
import { type CuttableProxy, startCuttableProxy } from '../../parts/cuttable_proxy.ts';
import { createDatabase, type TestDatabase } from '../../parts/postgres_server.ts';
import { untilTrue } from '../../parts/until_true.ts';

let database: TestDatabase;
let proxy: CuttableProxy;
let far: Store;
let near: Store;

beforeEach(async () => {
  database = await createDatabase();
  const url = new URL(database.url);
  proxy = await startCuttableProxy({ host: url.hostname, port: Number(url.port) });
  url.port = String(proxy.port);
  near = await openTestStore(database.url);
  far = await openTestStore(url.href);
  await near.write((transaction) => transaction.define([thingTable]));
});
afterEach(async () => {
  await Promise.all([near.close(), far.close()]);
  await proxy.cut();
  await database.drop();
});

const idsOf = async (store: Store) => (await store.read('SELECT id FROM thing ORDER BY id')).flat();
const terminateOthers =
  'SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()';

test('while the server is away everything is store.unreachable; afterwards everything works again', async () => {
  await far.write((transaction) => insertThing(transaction, { id: 'before' }));
  await proxy.cut();
  const unreachable = { code: 'store.unreachable', kind: 'unavailable' };
  await assert.rejects(far.read('SELECT 1'), unreachable);
  await assert.rejects(far.read('SELECT 1', [], { long: true }), unreachable);
  await assert.rejects(far.read('SELECT 1', [], { steady: true }), unreachable);
  await assert.rejects(
    far.write((transaction) => insertThing(transaction, { id: 'meanwhile' })),
    unreachable,
  );
  assert.equal(far.topic('any'), 0);
  await proxy.restore();
  await far.write((transaction) => insertThing(transaction, { id: 'after' }));
  assert.deepEqual(await idsOf(far), ['after', 'before']);
});

test('bumps that were missed while the connection was away are seen once it is back', async () => {
  await proxy.cut();
  await near.write((transaction) => transaction.bump('missed'));
  await proxy.restore();
  await untilTrue(() => far.topic('missed') === 1);
  await near.write((transaction) => transaction.bump('missed'));
  await untilTrue(() => far.topic('missed') === 2);
});

test('a bump whose notification never came is seen with the next reading of the table', async () => {
  const clock = makeManualClock(0);
  const store = await openStore({ location: database.url, clock, random: () => 0 });
  await near.write((transaction) => transaction.run(`INSERT INTO causeway_topic VALUES ('silent', 7)`));
  assert.equal(store.topic('silent'), 0);
  clock.advance(5000);
  await untilTrue(() => store.topic('silent') === 7);
  await store.close();
});

test('connections that the server ended while they lay idle are replaced without anyone noticing', async () => {
  await Promise.all(Array.from({ length: 5 }, () => far.read('SELECT 1')));
  await near.read(terminateOthers);
  assert.deepEqual(await Promise.all(Array.from({ length: 5 }, () => far.read('SELECT 1'))), Array(5).fill([[1]]));
  const steady = () => Promise.all(Array.from({ length: 9 }, () => far.read('SELECT 1', [], { steady: true })));
  assert.deepEqual(await steady(), Array(9).fill([[1]]));
  await near.read(terminateOthers);
  assert.deepEqual(await steady(), Array(9).fill([[1]]));
  await near.read(terminateOthers);
  await far.write((transaction) => insertThing(transaction, { id: 'a' }));
  await near.write((transaction) => transaction.bump('heard'));
  await untilTrue(() => far.topic('heard') === 1);
});

test('a work whose connection breaks before the commit runs again', async () => {
  let times = 0;
  await far.write(async (transaction) => {
    times += 1;
    await insertThing(transaction, { id: 'a' });
    if (times === 1) await near.read(terminateOthers);
    await insertThing(transaction, { id: 'b' });
  });
  assert.equal(times, 2);
  assert.deepEqual(await idsOf(near), ['a', 'b']);
});

test('a work whose connection breaks at the commit does not run again: it may have happened', async () => {
  let times = 0;
  proxy.cutBefore(makeStatementNames()('COMMIT'));
  const write = far.write(async (transaction) => {
    times += 1;
    await insertThing(transaction, { id: 'a' });
  });
  await assert.rejects(write, { code: 'store.unreachable' });
  assert.equal(times, 1);
  assert.deepEqual(await idsOf(near), []);
  await proxy.restore();
  assert.deepEqual(await idsOf(far), []);
});

test('the same for a work that waited for none of its statements: all went out with the commit', async () => {
  let times = 0;
  const send = () =>
    far.write(async (transaction) => {
      times += 1;
      transaction.send(`INSERT INTO thing (id) VALUES ($1)`, [`a${times}`]);
    });
  await send();
  proxy.cutBefore(makeStatementNames()('COMMIT'));
  await assert.rejects(send(), { code: 'store.unreachable' });
  assert.equal(times, 2);
  await proxy.restore();
  assert.deepEqual(await idsOf(far), ['a1']);
});

test('such a work runs again where the server has left before it came', async () => {
  await far.write((transaction) => insertThing(transaction, { id: 'a' }));
  await near.read(terminateOthers);
  await far.write(async (transaction) => transaction.send(`INSERT INTO thing (id) VALUES ($1)`, ['b']));
  assert.deepEqual(await idsOf(near), ['a', 'b']);
});

test('a work that PostgreSQL gives up on every time ends as store.busy', async () => {
  let times = 0;
  const store = await openStore({
    location: database.url,
    clock: { now: systemClock.now, after: (_, work) => systemClock.after(0, work) },
    random: () => 0,
  });
  const write = store.write(async (transaction) => {
    times += 1;
    await transaction.run(`DO $$ BEGIN RAISE EXCEPTION 'again' USING ERRCODE = '40001'; END $$`);
  });
  await assert.rejects(write, { code: 'store.busy', kind: 'unavailable' });
  assert.equal(times, 9);
  await store.close();
});

test('a time limit holds for its statement only, also when the transaction before was rolled back', async () => {
  const slow = 'SELECT pg_sleep(0.3)';
  await assert.rejects(far.read(slow, [], { timeLimitMs: 50 }), { code: 'store.query_cancelled' });
  await assert.rejects(
    far.write(async (transaction) => {
      await transaction.read('SELECT 1');
      throw new Error('no');
    }),
    { message: 'no' },
  );
  await far.write((transaction) => transaction.read(slow));
  await far.read(slow);
});
