// A registration that is struck: at one of the requests of which it consists, before it arrives or before it is answered, one of both
// processes is killed. Afterwards people go on, or give up; either way nothing is left half made.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Engine } from '../../parts/engines.ts';
import type { Passing } from '../../parts/staged_proxy.ts';
import { goodNetwork } from '../../parts/staged_proxy.ts';
import { untilTrue } from '../../parts/until_true.ts';
import { countRows } from './leftovers.ts';
import { openWholePair, type WholePair } from './pair.ts';
import type { WholeSide } from './side.ts';

/** Every request that a registration sends: to whom, and what; in their order. */
export const requests = [
  { to: 'provider', what: 'claim' },
  { to: 'provider', what: 'token' },
  { to: 'provider', what: 'handshake' },
  { to: 'provider', what: 'prove' },
  { to: 'consumer', what: 'token' },
  { to: 'consumer', what: 'handshake' },
  { to: 'provider', what: 'confirm' },
] as const;

export interface Strike {
  at: (typeof requests)[number];
  /** The request is lost, or its answer is. */
  when: 'before' | 'after';
  victim: 'provider' | 'consumer';
  ending: 'retry' | 'abort';
}

const strikeWords = ({ at, when, victim, ending }: Strike): string =>
  `${at.what} to the ${at.to}: the ${victim} is killed ${when} it, then ${ending}`;

export const allStrikes: readonly Strike[] = requests.flatMap((at) =>
  (['before', 'after'] as const).flatMap((when) =>
    (['provider', 'consumer'] as const).flatMap((victim) =>
      (['retry', 'abort'] as const).map((ending) => ({ at, when, victim, ending })),
    ),
  ),
);

const whatOf = ({ path, body }: Passing): string =>
  path.endsWith('/registration')
    ? String((JSON.parse(body) as { step?: unknown }).step)
    : path.includes('token')
      ? 'token'
      : 'handshake';

const base = '/api/sn_sb/exchange_admin';
const json = { 'content-type': 'application/json' };
const post = (side: WholeSide, path: string, body: unknown) =>
  side.ask(`${base}${path}`, { headers: json, body: JSON.stringify(body) });

/** So that a story that fails does not spoil the next one. */
const cleanUp = async ({ sides, number }: WholePair): Promise<void> => {
  for (const side of sides)
    for (const [step, body] of [
      ['abort', { force: true }],
      ['offboard', { drop_undelivered: true }],
    ] as const)
      await post(side, `/connections/${number}/${step}`, body).catch(() => undefined);
};

const invite = async ({ provider, consumer }: WholePair): Promise<{ code: string; connectionId: string }> => {
  const said = await post(provider, '/invite', { company: 'Acme', peer: consumer.proxy.url, enable_grant: true });
  assert.equal(said.status, 200, said.text);
  return said.json.result;
};

/** Both let go of a connection that works. */
const offboard = async ({ provider, consumer }: WholePair, number: string): Promise<void> => {
  for (const side of [provider, consumer]) {
    const said = await post(side, `/connections/${number}/offboard`, { drop_undelivered: true });
    assert.equal(said.status, 200, said.text);
  }
};

interface Baseline {
  readonly before: readonly Record<string, number>[];
  readonly registered: readonly Record<string, number>[];
}

const countBoth = ({ sides }: WholePair) => Promise.all(sides.map(countRows));

/** One registration that nothing strikes, and what it leaves while it lasts; afterwards: nothing. */
const takeBaseline = async (pair: WholePair): Promise<Baseline> => {
  for (const side of pair.sides) await side.set('glide.oauth.inbound.client.credential.grant_type.enabled', 'true');
  const before = await countBoth(pair);
  await pair.register();
  await pair.allUp();
  const registered = await countBoth(pair);
  await offboard(pair, pair.number);
  const more = (at: number, table: string): number => (registered[at]?.[table] ?? 0) - (before[at]?.[table] ?? 0);
  assert.deepEqual([more(0, 'oauth_entity'), more(1, 'sn_sb_onboarding'), more(1, 'sys_user')], [2, 1, 1]);
  assertRows(await countBoth(pair), before, 'rows are left of what nothing struck');
  return { before, registered };
};

/** A side has some 170 tables: only those that differ are worth reading. */
const assertRows = (
  actual: readonly Record<string, number>[],
  expected: readonly Record<string, number>[],
  words: string,
): void => {
  const differing = actual.map((counts, at) => {
    const wanted = expected[at] ?? {};
    const tables = Object.keys({ ...wanted, ...counts }).filter((table) => counts[table] !== wanted[table]);
    return tables.map((table) => `${table}: ${counts[table]}, not ${wanted[table]}`);
  });
  assert.deepEqual(differing, [[], []], words);
};

const isTransport = (table: string): boolean => table.startsWith('sn_transport_');
/** Heartbeats come and go: rows of the queue are not compared while a connection lives. */
const lasting = (counts: readonly Record<string, number>[]) =>
  counts.map((each) => Object.fromEntries(Object.entries(each).filter(([table]) => !isTransport(table))));

const tellRegistrationStory = async (pair: WholePair, strike: Strike, baseline: Baseline): Promise<void> => {
  try {
    await tell(pair, strike, baseline);
  } catch (error) {
    await cleanUp(pair);
    throw error;
  }
};

const tell = async (pair: WholePair, strike: Strike, baseline: Baseline): Promise<void> => {
  const { provider, consumer } = pair;
  const victim = strike.victim === 'provider' ? provider : consumer;
  const struckProxy = (strike.at.to === 'provider' ? provider : consumer).proxy;
  const { code, connectionId } = await invite(pair);
  pair.number = connectionId;

  const struck = Promise.withResolvers<void>();
  let isStruck = false;
  struckProxy.rule = async (passing, forward) => {
    if (isStruck || whatOf(passing) !== strike.at.what) return isStruck ? undefined : forward();
    isStruck = true;
    if (strike.when === 'after') await forward();
    await victim.kill();
    struck.resolve();
    return undefined;
  };
  const accepting = post(consumer, '/accept', { code, enable_grant: true }).catch(() => undefined);
  await struck.promise;
  await accepting;
  struckProxy.rule = goodNetwork;
  await victim.start();

  if (strike.ending === 'abort') {
    const said = await post(consumer, `/connections/${connectionId}/abort`, {});
    if (said.status === 200) {
      // What provider and consumer tell of it is one story: neither knows the connection any more.
      assert.equal((await post(consumer, `/connections/${connectionId}/retry`, {})).status, 404);
      assertRows(await countBoth(pair), baseline.before, 'rows are left after abort');
      const refused = await post(consumer, '/accept', { code });
      assert.ok(refused.status === 409 || refused.status === 403, refused.text);
      assertRows(await countBoth(pair), baseline.before, 'a dead code left rows');
      return;
    }
    // So far that both are active: what works is offboarded, not aborted.
    assert.equal(said.headers.get('causeway-code'), 'exchange.nothing_to_abort', said.text);
  }
  await post(consumer, `/connections/${connectionId}/retry`, {});
  await pair.allUp();
  await untilTrue(async () => {
    const [row] = await consumer.rows('sn_sb_onboarding', `connection.connection_id=${connectionId}`, 'step');
    return row?.step === 'done';
  }, 30_000);
  assertRows(lasting(await countBoth(pair)), lasting(baseline.registered), 'not what a registration leaves');
  await offboard(pair, connectionId);
  assertRows(await countBoth(pair), baseline.before, 'rows are left after offboarding');
};

/** Registers a test for each, all with one pair of instances. */
export const testRegistrations = (engine: Engine, strikes: readonly Strike[]): void => {
  let pair: WholePair;
  let baseline: Baseline;
  before(async () => {
    pair = await openWholePair(engine);
    baseline = await takeBaseline(pair);
  });
  after(() => pair?.close());

  for (const strike of strikes) test(strikeWords(strike), () => tellRegistrationStory(pair, strike, baseline));
};
