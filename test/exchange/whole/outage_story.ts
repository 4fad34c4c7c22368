// The outage story: the provider is gone for three hours, while people at the consumer go on. When it comes back a heartbeat is the first to
// get through, then what waited, in portions; nothing is missing, and every record has its order.
import assert from 'node:assert/strict';
import { goodNetwork } from '../../parts/staged_proxy.ts';
import { untilTrue } from '../../parts/until_true.ts';
import type { WholePair } from './pair.ts';
import { agree, type TiedTask } from './shared_tasks.ts';

export interface OutageStory {
  tasks: readonly TiedTask[];
  changes: number;
  /** Turns the clocks of both on. */
  turnBoth(byMs: number): Promise<void>;
  say(line: string): void;
  limitMs?: number;
}

const steps = 6;
const hours = 3;
/** Changes that are made at once, at most. */
const mostHands = 8;

/** Waits for as long as messages go, however slow the machine is. Rejects where none has gone for `limitMs`. */
const allGone = async ({ consumer }: WholePair, limitMs: number): Promise<void> => {
  const count = async (): Promise<number> => {
    await new Promise((resolve) => setTimeout(resolve, 200));
    const [row] = await consumer.sql(
      `SELECT count(*) FROM sn_transport_queue WHERE direction = 'outbound' AND state <> 'processed' AND kind IN ('record', 'journal')`,
    );
    return Number(row?.[0]);
  };
  for (let left = await count(); left > 0; ) {
    const before = left;
    await untilTrue(async () => {
      left = await count();
      return left < before;
    }, limitMs);
  }
};

export const tellOutageStory = async (
  pair: WholePair,
  { tasks, changes, turnBoth, say, limitMs = 60_000 }: OutageStory,
): Promise<void> => {
  const { provider, consumer } = pair;
  const hands = Math.min(mostHands, tasks.length);
  // As it is delivered: waits that grow to an hour.
  await consumer.set('sn_transport.backoff_seconds', '0,5,30,120,600,1800,3600');
  await provider.kill();

  for (let step = 0; step < steps; step += 1) {
    const perStep = Math.ceil(changes / steps);
    await Promise.all(
      Array.from({ length: hands }, async (_, hand) => {
        for (let n = hand; n < perStep; n += hands) {
          // Whose record it is depends on the hand alone: of two changes of one record it is known which was first.
          const mine = tasks.filter((_task, at) => at % hands === hand);
          const task = mine[Math.floor(n / hands) % mine.length];
          const text = `outage ${step} ${n}`;
          const values = { short_description: text, comments: text };
          assert.equal(await consumer.patch('incident', `sys_id=${task?.incident}`, values), 200);
        }
      }),
    );
    const [before] = await consumer.sql('SELECT coalesce(sum(transient_count), 0) FROM sn_transport_profile');
    await turnBoth((hours * 3_600_000) / steps);
    // Each half hour it has looked again at least once.
    await untilTrue(async () => {
      const [now] = await consumer.sql('SELECT coalesce(sum(transient_count), 0) FROM sn_transport_profile');
      return Number(now?.[0]) > Number(before?.[0]);
    }, limitMs);
  }
  const [waiting] = await consumer.sql(
    `SELECT count(*) FROM sn_transport_queue WHERE direction = 'outbound' AND state = 'ready' AND kind IN ('record', 'journal')`,
  );
  assert.ok(Number(waiting?.[0]) >= changes, `${waiting} messages wait`);
  await untilTrue(async () => (await pair.report(consumer)).outbound.status === 'Down', limitMs);

  const posts: string[][] = [];
  let [underWay, most] = [0, 0];
  provider.proxy.rule = async ({ path, body }, forward) => {
    if (!path.endsWith('/messages')) return forward();
    underWay += 1;
    most = Math.max(most, underWay);
    try {
      const passed = await forward();
      posts.push((JSON.parse(body) as { type: string }[]).map(({ type }) => type.split('.').at(-1) ?? ''));
      return passed;
    } finally {
      underWay -= 1;
    }
  };
  await provider.start();
  await allGone(pair, limitMs);
  await agree(pair, tasks, limitMs);
  provider.proxy.rule = goodNetwork;
  assert.deepEqual(posts[0], ['heartbeat'], 'a single heartbeat is the first to get through');
  assert.ok(most <= 4, `${most} POSTs at once`);
  assert.ok(posts.every((post) => post.length <= 100));
  say(`${waiting} messages waited for three hours, and went in ${posts.length} POSTs, ${most} at once at most`);
  await pair.allUp();
  await consumer.set('sn_transport.backoff_seconds', '0,1');
};
