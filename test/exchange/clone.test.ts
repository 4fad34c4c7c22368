// Quarantine at the doors of real instances, what peers notice that cannot be seen from here, and lanes that are put right after an adoption.
import assert from 'node:assert/strict';
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { readSettings } from '../../src/config.ts';
import { startInstance } from '../../src/instance.ts';
import { systemClock } from '../../src/kit/clock.ts';
import { systemCaller } from '../../src/records/caller.ts';
import { openStore } from '../../src/store/open_store.ts';
import { forEachEngine } from '../parts/engines.ts';
import { madeInstance } from '../parts/made_instance.ts';
import { restoreSnapshot, takeSnapshot } from '../parts/restored_database.ts';
import { makeClient, type RunningInstance } from '../parts/running_instance.ts';
import { untilTrue } from '../parts/until_true.ts';
import { post, runTwoInstances, type TwoInstances } from './two_instances.ts';

const identityPath = '/api/sn_sb/exchange_identity';
const json = { 'content-type': 'application/json' };
const limitMs = 60_000;

forEachEngine((engine) => {
  let pair: TwoInstances;
  let provider: RunningInstance;
  let consumer: RunningInstance;
  let number: string;
  before(async () => {
    pair = await runTwoInstances(engine);
    ({ provider, consumer } = pair);
    number = await pair.register({ enable_grant: true });
  });
  after(() => pair.stop());

  const identity = async (side: RunningInstance) => (await side.ask(identityPath)).json.result;
  const say = (side: RunningInstance, path: string, body: unknown = {}) =>
    side.ask(`${identityPath}${path}`, { headers: json, body: JSON.stringify(body) });
  const adopt = async (side: RunningInstance): Promise<void> => {
    const said = await say(side, '/adopt');
    assert.equal(said.status, 200, said.text);
    await untilTrue(isUp, limitMs);
  };
  const isUp = async (): Promise<boolean> => {
    const reports = await Promise.all(pair.both.map((side) => pair.report(side, number)));
    return reports.every(({ outbound, inbound }) => outbound.status === 'Up' && inbound.status === 'Up');
  };
  /** Its database loses what it knew of itself, as an older one that is put in its place. */
  const setBack = ({ instance: { records } }: RunningInstance): Promise<void> =>
    records.write(async (transaction) => {
      await transaction.run(`UPDATE causeway_incarnation SET mark = 0, mark_by = NULL, history = NULL`);
      await transaction.bump('exchange_incarnation');
    });
  const setConnection = async (side: RunningInstance, values: Record<string, string>): Promise<void> => {
    const row = await pair.connection(side, number);
    await side.instance.records.update(systemCaller, 'sn_sb_connection', row.sys_id ?? '', values);
  };
  test('who this is can be read by whoever may read connections, and is changed by administrators alone', async () => {
    const one = await identity(consumer);
    assert.deepEqual([one.quarantined, one.reason, one.commands, one.connections], [false, '', [], []]);
    assert.match(one.incarnation, /^1\.\d+\.[0-9a-f]{8}$/);
    for (const path of ['', '/adopt', '/detach'])
      assert.equal(
        (await consumer.ask(`${identityPath}${path}`, { authorization: '', method: path ? 'POST' : 'GET' })).status,
        401,
      );
    for (const body of ['[]', '3', '"x"', '{"dry_run":1}', '{"dry_run":"true"}', '{']) {
      const said = await consumer.ask(`${identityPath}/detach`, { headers: json, body });
      assert.equal(said.status, 400, `${body} ${said.text}`);
    }
    for (const [path, code] of [
      ['/adopt', 'exchange.nothing_to_adopt'],
      ['/detach', 'exchange.not_quarantined'],
    ] as const) {
      const said = await say(consumer, path, { dry_run: true });
      assert.deepEqual([said.status, said.headers.get('causeway-code')], [409, code]);
    }
  });

  test('a quarantined instance takes nothing at any door, calls nobody and registers with nobody; adopted, it goes on', async () => {
    await setBack(consumer);
    await untilTrue(async () => (await identity(consumer)).quarantined);
    const still = await identity(consumer);
    assert.equal(still.reason, 'restored');
    assert.deepEqual(
      still.connections.map((each: { connection_id: string; reason: string }) => [each.connection_id, each.reason]),
      [[number, 'quarantined']],
    );
    assert.equal((await post(consumer, '/invite', { company: 'X', peer: 'http://127.0.0.1:1' })).status, 409);
    assert.equal((await post(consumer, '/accept', { code: 'CWX1-x' })).headers.get('causeway-code'), 'exchange.quarantined');
    const stranger = await consumer.ask('/api/sn_sb/exchange/v1/registration', { authorization: '', headers: json, body: '{}' });
    assert.deepEqual([stranger.status, stranger.headers.get('causeway-code')], [409, 'exchange.incarnation_mismatch']);
    const profile = `pause_code=exchange.incarnation_mismatch`;
    await untilTrue(async () => (await provider.instance.records.find('sn_transport_profile', profile)).length === 1, limitMs);
    const refused = async (): Promise<boolean> => /409/.test((await pair.connection(provider, number)).last_error ?? '');
    await untilTrue(refused, limitMs);
    const back = await pair.report(consumer, number);
    assert.deepEqual([back.outbound.status, back.outbound.reason, back.inbound.reason], ['Down', 'quarantined', 'quarantined']);
    const planned = await say(consumer, '/adopt', { dry_run: true });
    assert.deepEqual([planned.json.result.applied, (await identity(consumer)).quarantined], [false, true]);
    const counted = (await say(consumer, '/detach', { dry_run: true })).json.result;
    assert.deepEqual([counted.applied, counted.connections[0].connection_id, counted.to], [false, number, '']);
    await adopt(consumer);
    assert.match((await identity(consumer)).incarnation, /^2\./);
    assert.match((await pair.connection(provider, number)).peer_incarnation ?? '', /^2\./);
    assert.match((await pair.connection(consumer, number)).resume_report ?? '', /lanes were compared/);
  });

  test('a peer that knows a later one of this instance refuses it, and the instance stands still on that connection alone', async () => {
    await setConnection(provider, { peer_incarnation: '2.900000.0000dead' });
    await untilTrue(async () => (await pair.report(consumer, number)).outbound.reason === 'incarnation_behind', limitMs);
    const own = await identity(consumer);
    assert.deepEqual([own.quarantined, own.reason, own.commands.length], [false, 'incarnation_behind', 2]);
    await untilTrue(async () => (await pair.connection(provider, number)).stale_incarnation !== '', limitMs);
    assert.equal(
      (await post(consumer, '/invite', { company: 'X', peer: 'http://127.0.0.1:1' })).status,
      200,
      'others are no concern',
    );
    await adopt(consumer);
    const there = await pair.connection(provider, number);
    assert.deepEqual([there.stale_incarnation, there.peer_incarnation?.split('.')[0]], ['', '3']);
  });

  test('a peer that has moved is followed when an administrator says so, tokens included; nothing else is an address', async () => {
    const move = (peer: unknown, more = {}) => post(provider, `/connections/${number}/address`, { peer, ...more });
    for (const bad of [
      '',
      'x',
      'ftp://a.example',
      'https://a.example/path',
      'https://u:p@a.example',
      'https://a.example?x=1',
      3,
      null,
    ])
      assert.equal((await move(bad)).status, 400, String(bad));
    assert.equal((await move(provider.instance.localUrl)).status, 409);
    assert.equal((await post(provider, '/connections/SBC0000000/address', { peer: 'https://a.example' })).status, 404);
    const from = consumer.instance.localUrl;
    const to = from.replace('127.0.0.1', 'localhost');
    const planned = await move(to, { dry_run: true });
    assert.deepEqual(planned.json.result, { connection_id: number, from, to, applied: false });
    assert.equal((await pair.connection(provider, number)).peer_url, from);
    assert.equal((await move(to)).json.result.applied, true);
    const row = await pair.connection(provider, number);
    const [entity] = await provider.instance.records.findBy('oauth_entity', { sys_id: row.outbound_credential ?? '' });
    assert.deepEqual([row.peer_url, entity?.token_url], [to, `${to}/oauth_token.do`]);
    const asked = row.hb_acked ?? '';
    await untilTrue(async () => ((await pair.connection(provider, number)).hb_acked ?? '') > asked && (await isUp()), limitMs);
    assert.equal((await move(from)).json.result.applied, true);
    await untilTrue(isUp, limitMs);
  });

  test('two of a kind, of which nothing tells one from the other here, are found by what the peer has heard; the adopted one stays', async () => {
    const copied = await madeInstance(engine);
    const data = await mkdtemp(join(tmpdir(), 'causeway-twin-'));
    await cp(consumer.data, data, { recursive: true });
    await restoreSnapshot(copied.location, await takeSnapshot(consumer.location));
    // As a disk that was cloned with everything on it: the place of the database says nothing.
    const settings = readSettings({ data, database: copied.location, port: '0' }, {});
    await rm(join(data, 'logs'), { recursive: true, force: true });
    const store = await openStore({ location: copied.location, clock: systemClock, random: Math.random });
    await store.write((transaction) => transaction.run('UPDATE causeway_incarnation SET place = NULL'));
    await store.close();
    const twin = await startInstance({ settings, clock: systemClock, random: () => 0.5 });
    try {
      const ask = makeClient(twin.localUrl);
      const reasonOf = async (client: typeof ask) => (await client(identityPath)).json.result.reason;
      await untilTrue(async () => (await reasonOf(consumer.ask)) === 'incarnation_behind', limitMs);
      await adopt(consumer);
      await untilTrue(async () => (await reasonOf(ask)) === 'incarnation_behind', limitMs);
      await untilTrue(async () => (await pair.connection(provider, number)).stale_incarnation !== '', limitMs);
      const detached = await ask(`${identityPath}/detach`, { headers: json, body: '{}' });
      assert.equal(detached.status, 200, detached.text);
      assert.deepEqual((await ask('/api/sn_sb/exchange_admin/connections')).json.result, []);
      await untilTrue(isUp, limitMs);
    } finally {
      await twin.stop();
      await copied.drop();
      await rm(data, { recursive: true, force: true });
    }
  });
});
