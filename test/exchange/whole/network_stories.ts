// What the network, the clock and the peer do to a connection, and what becomes of it: messages that come twice and late, throttling, refusals,
// clocks that differ, names and certificates that change, an outage of hours, and at last the end. For journeys.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Engine } from '../../parts/engines.ts';
import { goodNetwork, type NetworkRule } from '../../parts/staged_proxy.ts';
import { untilTrue } from '../../parts/until_true.ts';
import { tellFarewellStory } from './farewell_story.ts';
import { tellOutageStory } from './outage_story.ts';
import { openWholePair, type WholePair } from './pair.ts';
import { agree, changeBoth, shareIncidents, type TiedTask, tie } from './shared_tasks.ts';
import { readCertificate, type WholeSide } from './side.ts';

const hourMs = 3_600_000;
const patienceMs = 60_000;
const wait = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
const isMessages = (path: string): boolean => path.endsWith('/messages');
const answer = (status: number, headers: Record<string, string> = {}) => ({
  status,
  headers: { 'content-type': 'application/json', ...headers },
  body: '{}',
});

export interface NetworkStories {
  /** Records that are shared. */
  tasks: number;
  /** Made while the provider is away. */
  changes: number;
  /** Throttling, refusals, clocks, certificates and names as well. */
  tellsAll: boolean;
}

/** Registers the tests, in the order of the story, on a pair of their own. */
export const tellNetworkStories = (engine: Engine, { tasks: taskCount, changes, tellsAll }: NetworkStories): void => {
  let pair: WholePair;
  let provider: WholeSide;
  let consumer: WholeSide;
  let tasks: TiedTask[];
  let clockMs = 0;

  const turnBoth = async (byMs: number): Promise<void> => {
    clockMs += byMs;
    await Promise.all(pair.sides.map((side) => side.turnClock(clockMs)));
  };
  const profile = async (): Promise<{ pause: string; code: string; probeAt: number }> => {
    const [[pause, code, probeAt] = []] = await consumer.sql('SELECT pause, pause_code, probe_at FROM sn_transport_profile');
    return { pause: String(pause ?? ''), code: String(code ?? ''), probeAt: Number(probeAt ?? 0) };
  };
  const attemptsBurned = async (): Promise<number> => {
    const [row] = await consumer.sql(
      `SELECT count(*) FROM sn_transport_queue WHERE direction = 'outbound' AND kind = 'record' AND state = 'error'`,
    );
    return Number(row?.[0]);
  };
  const outboundText = async (): Promise<string> => {
    const { outbound } = await pair.report(consumer);
    return `${outbound.text} ${outbound.detail}`;
  };

  before(async () => {
    pair = await openWholePair(engine, {
      provider: { turns: true, secureName: 'provider.test' },
      consumer: { turns: true },
    });
    ({ provider, consumer } = pair);
    await consumer.turnName('provider.test', '127.0.0.1');
    await pair.register();
    await pair.allUp();
    tasks = await tie(
      pair,
      await shareIncidents(pair),
      Array.from({ length: taskCount }, (_, at) => `incident ${at}`),
    );
  });
  after(() => pair?.close());

  test('every message comes twice and out of order, both ways: the same as if it had come once', async () => {
    const twice: NetworkRule = async ({ path }, forward) => {
      if (!isMessages(path)) return forward();
      void wait(150 + Math.random() * 300)
        .then(forward)
        .catch(() => {});
      await wait(Math.random() * 60);
      return forward();
    };
    for (const { proxy } of pair.sides) proxy.rule = twice;
    await changeBoth(pair, tasks.slice(0, 6), 'twice', 4);
    await agree(pair, tasks.slice(0, 6), patienceMs);
    for (const { proxy } of pair.sides) proxy.rule = goodNetwork;
    for (const side of pair.sides) {
      const [count] = await side.sql(
        `SELECT count(*) - count(DISTINCT message_id) FROM sn_transport_queue WHERE direction = 'inbound'`,
      );
      assert.equal(Number(count?.[0]), 0);
    }
  });

  test('a peer that goes away is Down because nobody answers, however few messages have failed, and Up when it is back', async () => {
    await consumer.set('sn_transport.breaker_failures', '1000');
    provider.proxy.rule = async () => undefined;
    await changeBoth(pair, tasks.slice(0, 1), 'lost', 1);
    await untilTrue(async () => /^Down \(paused: breaker/.test(await outboundText()), patienceMs);
    provider.proxy.rule = goodNetwork;
    await agree(pair, tasks.slice(0, 1), patienceMs);
    await pair.allUp();
    await consumer.set('sn_transport.breaker_failures', '5');
  });

  const testMore = tellsAll ? test : () => {};

  testMore('a peer that asks to wait is waited for, an hour at most, and no attempt is burned', async () => {
    provider.proxy.rule = async ({ path }, forward) => (isMessages(path) ? answer(429, { 'retry-after': '999999' }) : forward());
    await changeBoth(pair, tasks.slice(0, 1), 'throttled', 1);
    await untilTrue(async () => (await profile()).pause === 'unavailable', patienceMs);
    const left = (await profile()).probeAt - (Date.now() + clockMs);
    assert.ok(left > hourMs - 60_000 && left <= hourMs, `${left} ms`);
    await untilTrue(async () => /^Down \(paused: unavailable.*http_429/.test(await outboundText()), patienceMs);
    provider.proxy.rule = goodNetwork;
    await turnBoth(hourMs);
    await agree(pair, tasks.slice(0, 1), patienceMs);
    assert.equal(await attemptsBurned(), 0);
    await pair.allUp();
  });

  testMore('a burst of 401 drops the token once, pauses, and passes by itself', async () => {
    let refused = 0;
    let tokens = 0;
    provider.proxy.rule = async ({ path }, forward) => {
      if (path.includes('oauth_token')) tokens += 1;
      if (!isMessages(path) || refused >= 4) return forward();
      refused += 1;
      return answer(401);
    };
    await changeBoth(pair, tasks.slice(0, 2), 'refused', 2);
    await untilTrue(() => refused >= 2, patienceMs);
    await agree(pair, tasks.slice(0, 2), patienceMs);
    assert.equal(await attemptsBurned(), 0);
    assert.ok(tokens <= 20, `${tokens} tokens for ${refused} refusals`);
    provider.proxy.rule = goodNetwork;
    await pair.allUp();
  });

  testMore('clocks that differ by ten minutes are named, and hold nothing up', async () => {
    await consumer.turnClock(clockMs + 600_000);
    await changeBoth(pair, tasks.slice(0, 2), 'skewed', 1);
    await agree(pair, tasks.slice(0, 2), patienceMs);
    const found = async () => {
      const said = await consumer.command('doctor', '--json');
      return (JSON.parse(said.stdout).findings as { code: string; summary: string }[]).find(({ code }) => code === 'AUTH-09');
    };
    await untilTrue(async () => (await found()) !== undefined, patienceMs);
    assert.match((await found())?.summary ?? '', /10 min/);
    assert.equal(await pair.both('Up'), true);
    await consumer.turnClock(clockMs);
    await untilTrue(async () => (await found()) === undefined, patienceMs);
  });

  testMore('a certificate that has expired takes the way out Down and says so; a new one is enough', async () => {
    provider.proxy.reconnect(await readCertificate('expired'));
    await changeBoth(pair, tasks.slice(0, 2), 'expired', 1);
    await untilTrue(
      async () => /CERT_HAS_EXPIRED/.test((await consumer.sql('SELECT last_error FROM sn_sb_connection')).join()),
      patienceMs,
    );
    await untilTrue(async () => /^Down/.test(await outboundText()), patienceMs);
    provider.proxy.reconnect(await readCertificate('good'));
    await agree(pair, tasks.slice(0, 2), patienceMs);
    await pair.allUp();
  });

  testMore('a name that leads nowhere is waited for; where it leads then, messages go', async () => {
    await consumer.turnName('provider.test', '');
    provider.proxy.reconnect();
    await changeBoth(pair, tasks.slice(0, 2), 'nameless', 1);
    await untilTrue(
      async () => /ENOTFOUND/.test((await consumer.sql('SELECT last_error FROM sn_sb_connection')).join()),
      patienceMs,
    );
    await consumer.turnName('provider.test', '127.0.0.1');
    await agree(pair, tasks.slice(0, 2), patienceMs);
    await pair.allUp();
  });

  test('after three hours without the peer nothing is missing, and the heartbeat is the first to come through', async (context) => {
    const say = (line: string): void => context.diagnostic(line);
    await tellOutageStory(pair, { tasks, changes, turnBoth, say, limitMs: patienceMs });
  });

  test('offboarding while the peer is off: refused while messages wait, counted, exported; the peer learns later and cleans up', () =>
    tellFarewellStory(pair, tasks[0] as TiedTask, patienceMs));
};
