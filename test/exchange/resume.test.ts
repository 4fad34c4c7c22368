// Lanes of which one side has forgotten what the other remembers: what is sent again, what goes on behind, and that pages miss none.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type LanePage, pageLanes, readLanePage, readPage, readResumeStep } from '../../src/exchange/resume/lane_page.ts';
import { goOnBehind, sendAgainFrom } from '../../src/exchange/resume/mend_lanes.ts';
import { isFault } from '../../src/kit/fault.ts';
import { forEachEngine } from '../parts/engines.ts';
import { untilTrue } from '../parts/until_true.ts';
import { connection, openPair, type Pair } from './part.ts';

const other = 'c0000000000000000000000000000002';

test('what a peer says of lanes is read with care', () => {
  assert.deepEqual(readResumeStep({}), { after: '', gaps: [], lost: [], known: [] });
  const good = {
    after: 'f'.repeat(32),
    gaps: [{ name: 'record:a', have: 0 }],
    lost: ['record:b'],
    known: [{ name: 'record:b', have: 3 }],
  };
  assert.deepEqual(readResumeStep(good), good);
  const many = Array.from({ length: pageLanes + 1 }, () => 'x');
  for (const bad of [
    ...[null, 3, 'x', []],
    ...[
      { after: 'x' },
      { after: 3 },
      { gaps: {} },
      { gaps: [3] },
      { gaps: [{ name: 'a' }] },
      { gaps: [{ name: 'a', have: -1 }] },
    ],
    ...[
      { gaps: [{ name: '', have: 1 }] },
      { gaps: [{ name: 'a', have: 1.5 }] },
      { lost: [3] },
      { lost: ['\0'] },
      { lost: ['\ud800'] },
    ],
    { known: [{ name: 'a', have: -1 }] },
    ...[{ lost: ['x'.repeat(256)] }, { lost: many }, { lost: null }],
  ])
    assert.throws(
      () => readResumeStep(bad),
      (error) => isFault(error, 'exchange.bad_lanes'),
      JSON.stringify(bad),
    );
  const page: LanePage = { lanes: [{ direction: 'outbound', name: 'a', seq: 3 }], next: '' };
  assert.deepEqual(readPage(JSON.parse(JSON.stringify(page))), page);
  for (const bad of [
    null,
    [],
    {},
    { next: '' },
    { next: 'x', lanes: [] },
    { next: '', lanes: [3] },
    { next: '', lanes: [{ name: 'a', seq: 1 }] },
  ])
    assert.equal(readPage(bad), undefined, JSON.stringify(bad));
});

forEachEngine((engine) => {
  let pair: Pair;
  before(async () => {
    pair = await openPair(engine);
    await Promise.all([pair.a.transport.start(), pair.b.transport.start()]);
  });
  after(() => pair.close());

  const now = Date.now();
  const delivered = (count: number) => untilTrue(async () => (await pair.b.diary()).length === count);
  const lane = async (end: Pair['a'], name: string, direction = 'outbound') => {
    const p = end.store.dialect.parameter;
    const [row] = await end.store.read(
      `SELECT last_seq, done_seq, peer_seq, state, gap_count FROM sn_transport_lane WHERE name = ${p(1)} AND direction = ${p(2)}`,
      [name, direction],
    );
    return row?.map((value) => (typeof value === 'string' ? value : Number(value)));
  };
  /** As a database that was restored: it never sent more than `kept` of this lane, nor heard of it. */
  const forget = (name: string, kept: number): Promise<unknown> =>
    pair.a.store.write(async ({ run, dialect: { parameter: p } }) => {
      const ours = `(SELECT sys_id FROM sn_transport_lane WHERE name = ${p(1)} AND direction = 'outbound')`;
      await run(`DELETE FROM sn_transport_queue WHERE lane = ${ours} AND seq > ${p(2)}`, [name, kept]);
      await run(
        `UPDATE sn_transport_lane SET last_seq = ${p(2)}, done_seq = ${p(2)}, peer_seq = ${p(2)} WHERE name = ${p(1)} AND direction = 'outbound'`,
        [name, kept],
      );
    });

  test('what was sent and forgotten is counted, and what waits goes on behind it, in its order', async () => {
    const { a, b } = pair;
    for (const n of [1, 2, 3, 4, 5]) await a.send('lost', n);
    await delivered(5);
    await untilTrue(async () => (await lane(a, 'record:lost'))?.[2] === 5);
    await forget('record:lost', 2);
    // In one transaction, so that nothing is sent before the lanes are compared.
    await a.store.write(async (transaction) => {
      for (const n of [6, 7])
        await a.transport.enqueue(transaction, {
          ...{ connection, kind: 'record', operation: 'update', payload: { n }, correlationId: 'lost' },
        });
      const stored = { name: 'record:lost', stored: 5 };
      assert.equal(await goOnBehind(transaction, connection, stored, now), 3);
      assert.equal(await goOnBehind(transaction, connection, stored, now), 0, 'once');
    });
    await delivered(7);
    assert.deepEqual(
      await b.diary(),
      [1, 2, 3, 4, 5, 6, 7].map((n) => `lost:${n}`),
    );
    await untilTrue(async () => (await lane(a, 'record:lost'))?.[2] === 7);
    assert.equal((await lane(a, 'record:lost'))?.[4], 1);
  });

  test('a lane that is unknown here begins behind what the peer has', async () => {
    const { a, b } = pair;
    await a.send('new', 1);
    await delivered(8);
    await untilTrue(async () => (await lane(a, 'record:new'))?.[2] === 1);
    await a.store.write(async ({ run }) => {
      await run(`DELETE FROM sn_transport_queue WHERE correlation_id = 'new'`);
      await run(`DELETE FROM sn_transport_lane WHERE name = 'record:new' AND direction = 'outbound'`);
    });
    await a.store.write((transaction) => goOnBehind(transaction, connection, { name: 'record:new', stored: 1 }, now));
    await a.send('new', 2);
    await delivered(9);
    assert.equal((await b.diary()).at(-1), 'new:2');
  });

  test('what the other side has lost is sent again, once; a lane with nothing amiss is left alone', async () => {
    const { a, b } = pair;
    for (const n of [1, 2, 3]) await a.send('again', n);
    await delivered(12);
    await untilTrue(async () => (await lane(a, 'record:again'))?.[2] === 3);
    await b.store.write(async ({ run }) => {
      await run(`DELETE FROM diary WHERE correlation = 'again' AND n > 1`);
      await run(`DELETE FROM sn_transport_queue WHERE direction = 'inbound' AND correlation_id = 'again' AND seq > 1`);
      await run(`UPDATE sn_transport_lane SET last_seq = 1, done_seq = 1 WHERE direction = 'inbound' AND name = 'record:again'`);
    });
    await a.store.write(async (transaction) => {
      assert.equal(await sendAgainFrom(transaction, connection, { name: 'record:again', have: 3 }, now), false);
      assert.equal(await sendAgainFrom(transaction, connection, { name: 'record:nobody', have: 0 }, now), false);
      assert.equal(await sendAgainFrom(transaction, connection, { name: 'record:again', have: 1 }, now), true);
    });
    a.transport.wake(connection);
    await delivered(12);
    assert.deepEqual((await b.diary()).slice(-3), ['again:1', 'again:2', 'again:3']);
  });

  test('old beats are not sent again, by whichever way the gap is found', async () => {
    const { a, b } = pair;
    for (const n of [1, 2, 3]) await a.send('', n, 'heartbeat');
    await untilTrue(async () => (await lane(a, 'heartbeat'))?.[2] === 3);
    await b.store.write(({ run }) =>
      run(`UPDATE sn_transport_lane SET last_seq = 0, done_seq = 0 WHERE direction = 'inbound' AND name = 'heartbeat'`),
    );
    await b.store.write(({ run }) => run(`DELETE FROM sn_transport_queue WHERE direction = 'inbound' AND kind = 'heartbeat'`));
    const before = (await b.diary()).length;
    await a.send('', 4, 'heartbeat');
    await untilTrue(async () => (await b.diary()).length > before);
    await untilTrue(async () => (await lane(a, 'heartbeat'))?.[2] === 4);
    assert.deepEqual((await b.diary()).slice(before), [':4']);
    await a.store.write((transaction) => sendAgainFrom(transaction, connection, { name: 'heartbeat', have: 1 }, now));
    assert.deepEqual(await lane(a, 'heartbeat').then((row) => row?.slice(0, 4)), [4, 4, 1, 'idle']);
  });

  test('pages hold every lane that was ever used, once', async () => {
    const { a, b } = pair;
    await a.store.write(async (transaction) => {
      for (let n = 0; n < 2 * pageLanes + 10; n += 1)
        await goOnBehind(transaction, connection, { name: `record:many ${n}`, stored: n + 1 }, now);
    });
    const seen = new Map<string, number>();
    let [after, pages] = ['', 0];
    do {
      const page = await readLanePage(a.store, connection, after);
      for (const each of page.lanes) {
        assert.ok(!seen.has(`${each.direction} ${each.name}`));
        seen.set(`${each.direction} ${each.name}`, each.seq);
      }
      [after, pages] = [page.next, pages + 1];
    } while (after !== '');
    assert.equal(pages, 3);
    assert.equal([...seen.keys()].filter((name) => name.startsWith('outbound record:many')).length, 2 * pageLanes + 10);
    assert.equal(seen.get('outbound record:many 7'), 8);
    const there = await readLanePage(b.store, other, '');
    assert.deepEqual(there.lanes.map(({ name, direction }) => `${direction} ${name}`).sort(), [
      'inbound heartbeat',
      'inbound record:again',
      'inbound record:lost',
      'inbound record:new',
    ]);
  });
});
