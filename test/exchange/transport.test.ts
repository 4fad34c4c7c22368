// The queue between two ends: everything arrives, once, in the order of its lane, whatever the wire does.
import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';
import { readBatch } from '../../src/exchange/envelope/read_batch.ts';
import { Fault } from '../../src/kit/fault.ts';
import { forEachEngine } from '../parts/engines.ts';
import { untilTrue } from '../parts/until_true.ts';
import { admin, connection, failed, loudLog, openPair, other, overtaken, type Pair } from './part.ts';

const untilStates = async (pair: Pair, wanted: Record<string, number>): Promise<void> => {
  try {
    await untilTrue(async () => JSON.stringify(await pair.a.states()) === JSON.stringify(wanted));
  } catch {
    assert.deepEqual(await pair.a.states(), wanted, loudLog.lines.join('\n'));
  }
};

forEachEngine((engine) => {
  let pair: Pair;
  beforeEach(async () => {
    loudLog.lines.length = 0;
    pair = await openPair(engine);
  });
  afterEach(() => pair.close());
  const start = () => Promise.all([pair.a.transport.start(), pair.b.transport.start()]);

  test('what is queued in a transaction arrives, once and in order, and the source hears of it', async () => {
    const sent: string[] = [];
    for (let n = 1; n <= 30; n += 1) sent.push(await pair.a.send(`r${n % 3}`, n));
    await start();
    await untilStates(pair, { processed: 30 });
    const diary = await pair.b.diary();
    assert.equal(diary.length, 30);
    assert.deepEqual(overtaken(diary), []);
    assert.deepEqual(pair.a.settled.map(({ messageId }) => messageId).sort(), sent.sort());
  });

  test('what was rolled back is never sent, and leaves no hole in its lane', async () => {
    await pair.a.send('r', 1);
    await assert.rejects(
      pair.a.store.write(async (transaction) => {
        const outgoing = { connection, kind: 'record', operation: 'update', payload: { n: 2 }, correlationId: 'r' } as const;
        await pair.a.transport.enqueue(transaction, outgoing);
        throw new Error('rolled back');
      }),
    );
    await pair.a.send('r', 3);
    await start();
    await untilStates(pair, { processed: 2 });
    assert.deepEqual(await pair.b.diary(), ['r:1', 'r:3']);
  });

  test('a lost answer, a lost request and a doubled POST change nothing', async () => {
    let posts = 0;
    pair.wire = async (deliver) => {
      posts += 1;
      if (posts % 4 === 1) return failed('transient');
      const answer = await deliver();
      if (posts % 4 === 2) return failed('transient');
      return posts % 4 === 3 ? deliver() : answer;
    };
    await pair.a.set('sn_transport.backoff_seconds', '0');
    await pair.a.set('sn_transport.batch_rows', '3');
    await pair.a.set('sn_transport.parallel_posts', '1');
    for (let n = 1; n <= 40; n += 1) await pair.a.send(`r${n % 4}`, n);
    await start();
    await untilStates(pair, { processed: 40 });
    const diary = await pair.b.diary();
    assert.equal(diary.length, 40);
    assert.deepEqual(overtaken(diary), []);
    assert.ok(posts > 14, `only ${posts} POSTs`);
  });

  test('a message that is refused holds its own lane and no other; reprocessing keeps the order, twice is harmless', async () => {
    pair.b.judge = (message) =>
      message.correlationId === 'bad' && (message.payload as { n: number }).n === 2
        ? { outcome: 'refused', code: 'test.no', detail: 'not this one', permanent: true }
        : undefined;
    for (const n of [1, 2, 3, 4]) await pair.a.send('bad', n);
    for (const n of [1, 2, 3]) await pair.a.send('good', n);
    await start();
    await untilStates(pair, { error: 1, processed: 4, ready: 2 });
    assert.deepEqual((await pair.b.diary()).sort(), ['bad:1', 'good:1', 'good:2', 'good:3']);
    const [row] = await pair.a.rows('error_class, error_code, error_detail', `state = 'error'`);
    assert.deepEqual(row, ['permanent', 'test.no', 'not this one']);
    assert.deepEqual(
      pair.a.settled.filter(({ outcome }) => outcome === 'refused').map(({ code }) => code),
      ['test.no'],
    );

    const plan = await pair.a.transport.reprocess.plan({ state: 'error', direction: 'outbound' });
    assert.deepEqual(plan.groups, [{ connection, errorClass: 'permanent', errorCode: 'test.no', count: 1 }]);
    const again = await pair.a.transport.reprocess.run(admin, {}, { watchMs: 3000 });
    assert.deepEqual([again.requeued, again.remaining, again.mayContinue], [1, 1, false]);

    pair.b.judge = () => undefined;
    const healed = await pair.a.transport.reprocess.run(admin, {}, { watchMs: 3000 });
    assert.deepEqual([healed.requeued, healed.remaining], [1, 0]);
    await untilStates(pair, { processed: 7 });
    assert.deepEqual(
      (await pair.b.diary()).filter((entry) => entry.startsWith('bad')),
      ['bad:1', 'bad:2', 'bad:3', 'bad:4'],
    );
    assert.equal((await pair.a.transport.reprocess.run(admin, {})).requeued, 0);
  });

  test('a skipped message lets its lane go on', async () => {
    pair.b.judge = (message) =>
      (message.payload as { n: number }).n === 1
        ? { outcome: 'refused', code: 'test.no', detail: '', permanent: true }
        : undefined;
    const first = await pair.a.send('r', 1);
    await pair.a.send('r', 2);
    await start();
    await untilStates(pair, { error: 1, ready: 1 });
    await assert.rejects(pair.a.transport.reprocess.skip(admin, ['f'.repeat(32)], { note: '' }), {
      code: 'exchange.not_skippable',
    });
    assert.equal(await pair.a.transport.reprocess.skip(admin, [first], { note: '', dryRun: true }), 1);
    assert.equal(await pair.a.transport.reprocess.skip(admin, [first], { note: 'not needed' }), 1, 'the dry run changed nothing');
    await untilStates(pair, { processed: 1, skipped: 1 });
    assert.deepEqual(await pair.b.diary(), ['r:2']);
  });

  test('what the receiver cannot apply now it keeps, and acknowledges later', async () => {
    let isBusy = true;
    pair.b.judge = (message) => {
      if (isBusy && (message.payload as { n: number }).n === 1) throw new Fault('unavailable', 'test.busy', 'later');
      return undefined;
    };
    await pair.b.set('sn_transport.backoff_seconds', '0');
    for (const n of [1, 2, 3]) await pair.a.send('r', n);
    await start();
    await untilStates(pair, { sent: 3 });
    isBusy = false;
    await untilStates(pair, { processed: 3 });
    assert.deepEqual(await pair.b.diary(), ['r:1', 'r:2', 'r:3']);
  });

  test('a refusal that comes late holds the lane on both sides until it is reprocessed', async () => {
    let mood: 'busy' | 'refusing' | 'fine' = 'busy';
    pair.b.judge = (message) => {
      if ((message.payload as { n: number }).n !== 1 || mood === 'fine') return undefined;
      if (mood === 'busy') throw new Fault('unavailable', 'test.busy', 'later');
      return { outcome: 'refused', code: 'test.no', detail: 'no', permanent: true };
    };
    await pair.b.set('sn_transport.backoff_seconds', '0');
    for (const n of [1, 2, 3]) await pair.a.send('r', n);
    await start();
    await untilStates(pair, { sent: 3 });
    mood = 'refusing';
    await untilStates(pair, { error: 1, sent: 2 });
    assert.deepEqual(await pair.b.diary(), []);
    mood = 'fine';
    await pair.a.transport.reprocess.run(admin, {}, { watchMs: 3000 });
    await untilStates(pair, { processed: 3 });
    assert.deepEqual(await pair.b.diary(), ['r:1', 'r:2', 'r:3']);
    await pair.a.send('r', 4);
    await untilStates(pair, { processed: 4 });
  });

  test('a peer that lost what it had gets it again, and nothing twice', async () => {
    for (const n of [1, 2, 3, 4]) await pair.a.send('r', n);
    await start();
    await untilStates(pair, { processed: 4 });
    await pair.b.store.write(async (transaction) => {
      await transaction.run(`DELETE FROM diary WHERE n > 2`);
      await transaction.run(`DELETE FROM sn_transport_queue WHERE seq > 2`);
      await transaction.run(`UPDATE sn_transport_lane SET last_seq = 2, done_seq = 2`);
    });
    await pair.a.send('r', 5);
    await untilTrue(async () => (await pair.b.diary()).length === 5);
    assert.deepEqual(await pair.b.diary(), ['r:1', 'r:2', 'r:3', 'r:4', 'r:5']);
    await untilStates(pair, { processed: 5 });
  });

  test('refused authentication pauses the connection and burns no attempt; the end of it is noticed', async () => {
    let isRefusing = true;
    pair.wire = (deliver) => (isRefusing ? Promise.resolve(failed('auth', 'exchange.auth_refused', 1)) : deliver());
    for (const n of [1, 2, 3]) await pair.a.send(`r${n}`, n);
    await start();
    await untilTrue(async () => (await pair.a.store.read('SELECT pause FROM sn_transport_profile'))[0]?.[0] === 'auth');
    await untilStates(pair, { ready: 3 });
    assert.deepEqual(await pair.a.rows('attempts', `state = 'ready' AND attempts > 0`), []);
    isRefusing = false;
    await pair.a.transport.reprocess.resume(admin, connection);
    await untilStates(pair, { processed: 3 });
  });

  test('as on the original, refused authentication can pile up errors; afterwards they go in order', async () => {
    let isRefusing = true;
    pair.wire = (deliver) => (isRefusing ? Promise.resolve(failed('auth', 'exchange.auth_refused', 60_000)) : deliver());
    await pair.a.set('sn_transport.compat_auth_errors', 'true');
    for (const n of [1, 2, 3]) await pair.a.send('r', n);
    await start();
    await untilStates(pair, { error: 3 });
    await pair.a.send('r', 4);
    await untilStates(pair, { error: 4 });
    isRefusing = false;
    await pair.a.transport.reprocess.resume(admin, connection);
    await pair.a.send('r', 5);
    await untilStates(pair, { error: 4, ready: 1 });
    await pair.a.transport.reprocess.run(admin, { errorClass: 'auth' }, { watchMs: 3000 });
    await untilStates(pair, { processed: 5 });
    assert.deepEqual(await pair.b.diary(), ['r:1', 'r:2', 'r:3', 'r:4', 'r:5']);
  });

  test('a POST refused as a whole is taken apart until the bad message is found', async () => {
    pair.wire = (deliver, body) =>
      body.includes('"n":7}') ? Promise.resolve(failed('permanent', 'http.body_not_json')) : deliver();
    for (let n = 1; n <= 12; n += 1) await pair.a.send(`r${n % 4}`, n);
    await start();
    // 7 is in the lane of 3 and 11: 11 waits behind it.
    await untilStates(pair, { error: 1, processed: 10, ready: 1 });
    assert.deepEqual(overtaken(await pair.b.diary()), []);
  });

  test('several workers share the work of one database', async () => {
    for (let n = 1; n <= 120; n += 1) await pair.a.send(`r${n % 12}`, n);
    let posts = 0;
    pair.wire = (deliver) => {
      posts += 1;
      return deliver();
    };
    await pair.a.set('sn_transport.batch_rows', '5');
    await pair.b.transport.start();
    await Promise.all([pair.a.transport.start(), pair.a.addWorker('second')]);
    await untilStates(pair, { processed: 120 });
    const diary = await pair.b.diary();
    assert.equal(diary.length, 120);
    assert.deepEqual(overtaken(diary), []);
    const [attempts] = await pair.a.store.read('SELECT sum(message_count) FROM sn_transport_attempt');
    assert.equal(Number(attempts?.[0]), 120, `${posts} POSTs carried some message twice`);
  });

  test('two processes of one database that are sent the same messages at the same time take each in once', async () => {
    const second = await pair.b.addWorker('second');
    for (let n = 1; n <= 40; n += 1) await pair.a.send(`r${n % 20}`, n);
    await pair.a.set('sn_transport.batch_rows', '4');
    const outcomes = new Set<string>();
    // Every POST goes to both at once, on lanes that neither has seen.
    pair.wire = async (deliver, body) => {
      const events = readBatch(JSON.parse(body), other, Date.now());
      const view = { sysId: other, connectionId: 'SBC0001001', row: {} };
      const [answer, results] = await Promise.all([deliver(), second.receive(view, events)]);
      for (const { outcome } of answer.kind === 'answered' ? [...answer.results, ...results] : []) outcomes.add(outcome);
      return answer;
    };
    await start();
    await untilStates(pair, { processed: 40 });
    const diary = await pair.b.diary();
    assert.equal(diary.length, 40);
    assert.deepEqual(overtaken(diary), []);
    assert.deepEqual([...outcomes], ['applied']);
  });

  test('configuration passes before data, and heartbeats pass everything', async () => {
    await pair.a.set('sn_transport.parallel_posts', '1');
    await pair.a.set('sn_transport.batch_rows', '1');
    await pair.a.send('r', 1);
    await pair.a.send('setup', 2, 'config');
    await pair.a.send('ping', 3, 'heartbeat');
    await start();
    await untilStates(pair, { processed: 3 });
    assert.deepEqual(await pair.b.diary(), ['ping:3', 'setup:2', 'r:1']);
  });

  test('a peer that was away is tried with a heartbeat, however long ago the last one failed', async () => {
    await pair.a.set('sn_transport.backoff_seconds', '0,600');
    await pair.a.set('sn_transport.breaker_failures', '2');
    const tried: string[] = [];
    let isBack = false;
    pair.wire = (deliver, body) => {
      if (isBack) tried.push(...(JSON.parse(body) as { type: string }[]).map(({ type }) => type.split('.').at(-1) ?? ''));
      return isBack ? deliver() : Promise.resolve(failed('transient'));
    };
    await pair.a.send('ping', 1, 'heartbeat');
    await start();
    await untilTrue(async () => (await pair.a.store.read('SELECT pause FROM sn_transport_profile'))[0]?.[0] === 'breaker');
    await pair.a.send('r', 2);
    isBack = true;
    await pair.a.transport.reached(connection);
    await untilStates(pair, { processed: 2 });
    assert.deepEqual(tried, ['heartbeat', 'record']);
  });

  for (const end of ['stop', 'pause'] as const) {
    test(`what was claimed ahead of what is under way is Ready again, untried, after a ${end}`, async () => {
      await pair.a.set('sn_transport.parallel_posts', '2');
      await pair.a.set('sn_transport.batch_rows', '1');
      const { promise: isTime, resolve: goOn } = Promise.withResolvers<void>();
      let posts = 0;
      pair.wire = async (deliver) => {
        posts += 1;
        if (posts <= 6) return deliver();
        await isTime;
        return end === 'pause' ? failed('unavailable', 'http.503', 600_000) : deliver();
      };
      for (let n = 1; n <= 30; n += 1) await pair.a.send(`r${n}`, n);
      await start();
      // Two are under way, and more than these are claimed.
      await untilTrue(async () => posts === 8 && ((await pair.a.states()).running ?? 0) > 2);
      const ended = end === 'stop' ? pair.a.transport.stop() : undefined;
      goOn();
      await ended;
      const delivered = end === 'stop' ? 8 : 6;
      await untilStates(pair, { processed: delivered, ready: 30 - delivered });
      assert.equal(posts, 8);
      assert.deepEqual(await pair.a.rows('attempts', `state = 'ready' AND attempts > 0`), []);
      assert.deepEqual(
        await pair.a.store.read(`SELECT name FROM sn_transport_lane WHERE state = 'leased' OR lease IS NOT NULL`),
        [],
      );
    });
  }

  test('a newer peer: what it adds is tolerated, what it says must be understood is refused with a reason and holds its lane', async () => {
    const bodies: string[] = [];
    pair.wire = (_deliver, body) => {
      bodies.push(body);
      return Promise.resolve(failed('transient'));
    };
    for (const n of [1, 2, 3]) await pair.a.send('r', n);
    await start();
    await untilTrue(() => bodies.length > 0);
    const events = JSON.parse(bodies[0] ?? '') as Record<string, unknown>[];
    const changes = [{ newer: { thing: 1 }, requires: 'lanes' }, { requires: 'gap, telepathy' }, {}];
    const sent = events.map((event, at) => ({ ...event, ...changes[at] }));
    const view = { sysId: connection, connectionId: 'SBC0001001', row: {} };
    const results = await pair.b.transport.receive(view, readBatch(sent, connection, Date.now()));
    const said = new Map(results.map((result) => [result.id, result]));
    const [first, second, third] = events.map(({ id }) => said.get(String(id)));
    assert.equal(first?.outcome, 'applied');
    assert.deepEqual(second, {
      id: events[1]?.id,
      outcome: 'refused',
      code: 'exchange.unknown_feature',
      detail: 'This instance does not know the feature telepathy',
    });
    assert.equal(third?.outcome, 'gap');
    assert.deepEqual(await pair.b.diary(), ['r:1']);
  });

  test('what is here already, comes twice or comes too early shares a POST with what is new: each is applied once, in order', async () => {
    const bodies: string[] = [];
    pair.wire = (_deliver, body) => {
      bodies.push(body);
      return Promise.resolve(failed('transient'));
    };
    for (const name of ['x1', 'x2', 'y1', 'y2', 'y3']) await pair.a.send(name.slice(0, 1), Number(name.slice(1)));
    await start();
    await untilTrue(() => bodies.length > 0);
    const events = new Map(
      (JSON.parse(bodies[0] ?? '') as { correlationid: string; laneseq: number }[]).map((event) => [
        `${event.correlationid}${event.laneseq}`,
        event,
      ]),
    );
    const view = { sysId: connection, connectionId: 'SBC0001001', row: {} };
    const post = async (...names: string[]): Promise<string[]> => {
      const body = names.map((name) => events.get(name));
      const results = await pair.b.transport.receive(view, readBatch(body, connection, Date.now()));
      return results.map(({ outcome }) => outcome);
    };
    assert.deepEqual(await post('x1'), ['applied']);
    assert.deepEqual(await post('x1', 'x2', 'x2', 'y1', 'y3'), ['applied', 'applied', 'applied', 'applied', 'gap']);
    assert.deepEqual(await post('y1', 'y2'), ['applied', 'applied']);
    assert.deepEqual(await post('y3', 'y3'), ['applied', 'applied']);
    assert.deepEqual(await post('y3'), ['applied']);
    assert.deepEqual(await pair.b.diary(), ['x:1', 'x:2', 'y:1', 'y:2', 'y:3']);
  });

  test('what comes late for a connection that has been ended is refused, and brings nothing of it back', async () => {
    const bodies: string[] = [];
    pair.wire = (_deliver, body) => {
      bodies.push(body);
      return Promise.resolve(failed('transient'));
    };
    for (const n of [1, 2]) await pair.a.send(`r${n}`, n);
    await start();
    await untilTrue(() => bodies.length > 0);
    pair.b.isEnded = true;
    const view = { sysId: connection, connectionId: 'SBC0001001', row: {} };
    const late = pair.b.transport.receive(view, readBatch(JSON.parse(bodies[0] ?? ''), connection, Date.now()));
    await assert.rejects(late, { code: 'exchange.not_a_peer' });
    for (const table of ['sn_transport_queue', 'sn_transport_lane', 'sn_transport_profile'])
      assert.deepEqual(await pair.b.store.read(`SELECT 1 FROM ${table}`), [], table);
    assert.deepEqual(await pair.b.diary(), []);
  });

  for (const [pause, goesOn] of [
    ['auth', true],
    ['unavailable', false],
  ] as const) {
    test(`a pause of kind ${pause} ${goesOn ? 'ends' : 'goes on'} when the peer has been reached with the credential another way`, async () => {
      let isRefusing = true;
      pair.wire = (deliver) => (isRefusing ? Promise.resolve(failed(pause, 'test.refused', 600_000)) : deliver());
      const probeAt = async () => Number((await pair.a.store.read('SELECT probe_at FROM sn_transport_profile'))[0]?.[0]);
      await pair.a.send('r', 1);
      await start();
      await untilTrue(async () => (await pair.a.store.read('SELECT pause FROM sn_transport_profile'))[0]?.[0] === pause);
      const waitsUntil = await probeAt();
      isRefusing = false;
      await pair.a.transport.reached(connection);
      if (goesOn) await untilStates(pair, { processed: 1 });
      else assert.equal(await probeAt(), waitsUntil);
    });
  }
});
