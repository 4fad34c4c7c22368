// States set by hand through the Table API's own door: what an administrator may do to a row of the queue, and what comes of it.
import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';
import { makeEnqueue } from '../../../src/exchange/outbox/enqueue.ts';
import { makeQueueRule } from '../../../src/exchange/reprocess/queue_rule.ts';
import { systemClock } from '../../../src/kit/clock.ts';
import { makeIds } from '../../../src/kit/ids.ts';
import { makeSealer } from '../../../src/kit/seal.ts';
import type { Caller } from '../../../src/records/caller.ts';
import { openRecords } from '../../../src/records/open_records.ts';
import type { Records } from '../../../src/records/records.ts';
import { openStore } from '../../../src/store/open_store.ts';
import type { Store } from '../../../src/store/store.ts';
import { forEachEngine } from '../../parts/engines.ts';
import { madeInstance } from '../../parts/made_instance.ts';
import { connection } from '../part.ts';

const someone = (...roles: string[]): Caller => ({
  userSysId: '0'.repeat(32),
  userName: 'someone',
  displayName: '',
  roles: new Set(roles),
  timeZone: 'UTC',
  isSystem: false,
  origin: '',
});

forEachEngine((engine) => {
  let store: Store;
  let records: Records;
  let drop: () => Promise<void>;
  const woken: string[] = [];
  const sent: string[] = [];
  beforeEach(async () => {
    const database = await madeInstance(engine);
    drop = database.drop;
    store = await openStore({ location: database.location, clock: systemClock, random: Math.random });
    const ids = makeIds(systemClock);
    const wake = (which: string) => void woken.push(which);
    const rules = [makeQueueRule({ clock: systemClock, wake })];
    ({ records } = await openRecords({
      store,
      clock: systemClock,
      ids,
      sealer: makeSealer(Buffer.alloc(32, 7)),
      rules,
    }));
    const enqueue = makeEnqueue({ clock: systemClock, ids, wake: () => {} });
    sent.length = 0;
    woken.length = 0;
    for (const n of [1, 2]) {
      const outgoing = { connection, kind: 'record', operation: 'update', payload: { n }, correlationId: 'c' } as const;
      sent.push((await store.write((transaction) => enqueue(transaction, outgoing))).messageId);
    }
    await store.write(async (transaction) => {
      await transaction.run(
        `UPDATE sn_transport_queue SET state = 'error', error_class = 'permanent', error_code = 'test.no' WHERE seq = 1`,
      );
      await transaction.run(`UPDATE sn_transport_lane SET state = 'held', error_seq = 1`);
    });
  });
  afterEach(async () => {
    await store.close();
    await drop();
  });
  const set = (at: number, state: string, caller = someone('sn_transport.admin')) =>
    records.update(caller, 'sn_transport_queue', sent[at] ?? '', { state });
  const lane = async () => (await store.read('SELECT state, error_seq, done_seq FROM sn_transport_lane'))[0];

  test('Error to Ready opens the lane again', async () => {
    await set(0, 'ready');
    assert.deepEqual(await lane(), ['waiting', 0, 0]);
    const [row] = await records.findBy('sn_transport_queue', { sys_id: sent[0] ?? '' });
    assert.deepEqual([row?.state, row?.error_class, row?.error_code], ['ready', '', '']);
    assert.deepEqual(woken, [connection]);
  });

  test('Error to Skipped lets the lane go on', async () => {
    await set(0, 'skipped');
    assert.deepEqual(await lane(), ['waiting', 0, 0]);
  });

  for (const [at, state] of [
    [1, 'processed'],
    [1, 'error'],
    [0, 'running'],
    [0, 'sent'],
  ] as const) {
    test(`row ${at} cannot be set to ${state}`, async () => {
      await assert.rejects(set(at, state), { code: 'exchange.state_by_hand' });
      assert.deepEqual(await lane(), ['held', 1, 0]);
    });
  }

  test('nobody without the role changes anything, and nobody at all deletes or creates', async () => {
    await assert.rejects(set(0, 'ready', someone('itil')));
    for (const role of ['sn_transport.admin', 'admin']) {
      await assert.rejects(records.remove(someone(role), 'sn_transport_queue', sent[0] ?? ''));
      await assert.rejects(records.insert(someone(role), 'sn_transport_queue', { state: 'ready' }));
    }
    assert.deepEqual(await lane(), ['held', 1, 0]);
  });
});
