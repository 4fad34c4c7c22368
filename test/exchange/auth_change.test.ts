// New credentials for a connection: refused where a side is not ready, taken back whatever fails, and messages go on all the while.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { loadInstanceKey, makeSealer } from '../../src/kit/seal.ts';
import { systemCaller } from '../../src/records/caller.ts';
import { forEachEngine } from '../parts/engines.ts';
import type { RunningInstance } from '../parts/running_instance.ts';
import { untilTrue } from '../parts/until_true.ts';
import { patch, post, runTwoInstances, setProperty, type TwoInstances } from './two_instances.ts';

const property = 'glide.oauth.inbound.client.credential.grant_type.enabled';

forEachEngine((engine) => {
  let pair: TwoInstances;
  let number = '';

  const change = (side: RunningInstance, verb: string, body: unknown = {}) =>
    post(side, `/connections/${number}/auth/${verb}`, body);
  const registry = async (side: RunningInstance): Promise<string[]> =>
    (await side.instance.records.find('oauth_entity', 'nameLIKEService Bridge^ORDERBYname')).map(({ name }) => name ?? '');
  const pairOf = async (side: RunningInstance) => {
    const { inbound_client: client, outbound_credential: credential, auth_method: method } = await pair.connection(side, number);
    return { client, credential, method };
  };

  before(async () => {
    pair = await runTwoInstances(engine);
    number = await pair.register({ auth: 'legacy' });
  });
  after(() => pair.stop());

  test('a dry run says of both sides what is missing, and changes nothing', async () => {
    const said = await change(pair.consumer, 'upgrade', { dry_run: true });
    assert.equal(said.status, 200, said.text);
    const { ready, applied, checks } = said.json.result;
    assert.deepEqual([ready, applied], [false, false]);
    const failed = checks.filter(({ ok }: { ok: boolean }) => !ok);
    assert.deepEqual(
      failed.map(({ side, check }: { side: string; check: string }) => `${side} ${check}`),
      ['here property', 'peer property'],
    );
    assert.match(failed[0].detail, /--enable-grant/);
    const asked = await change(pair.consumer, 'upgrade', { dry_run: true, enable_grant: true });
    const still = asked.json.result.checks.filter(({ ok }: { ok: boolean }) => !ok);
    assert.deepEqual(still, [failed[1]], 'of the peer it is no business');
    const [row] = await pair.consumer.instance.records.findBy('sys_properties', { name: property });
    assert.notEqual(row?.value, 'true');
    assert.equal((await registry(pair.provider)).length, 2);
  });

  const illnesses: readonly [string, (side: RunningInstance, isIll: boolean) => Promise<unknown>, RegExp][] = [
    [
      'is older than 2.3.10',
      (side, ill) => setProperty(side, 'sn_sb.version', ill ? '2.3.9' : '2.4.17'),
      /2\.3\.9 here.*2\.3\.10/,
    ],
    ['has the grant off', (side, ill) => setProperty(side, property, ill ? 'false' : 'true'), /grant_type\.enabled to true/],
    [
      'has an integration user that is not active',
      (side, ill) => patch(side, 'sys_user', `user_name=sb_user.${number}`, { active: ill ? 'false' : 'true' }),
      /Activate sb_user|User Not Authenticated|status 401|status 403/,
    ],
    [
      'has an integration user without its role',
      async ({ instance: { records } }, ill) => {
        const [user] = await records.findBy('sys_user', { user_name: `sb_user.${number}` });
        const [role] = await records.findBy('sys_user_role', { name: 'sn_sb.integration' });
        const match = { user: user?.sys_id ?? '', role: role?.sys_id ?? '' };
        const [held] = await records.findBy('sys_user_has_role', match);
        if (ill && held) await records.remove(systemCaller, 'sys_user_has_role', held.sys_id ?? '');
        if (!ill && !held) await records.insert(systemCaller, 'sys_user_has_role', { ...match, state: 'active' });
      },
      /Give sb_user|status 403/,
    ],
  ];

  for (const [what, make, words] of illnesses) {
    for (const name of ['provider', 'consumer'] as const) {
      test(`nothing is changed while the ${name} ${what}`, async () => {
        for (const side of pair.both) await setProperty(side, property, 'true');
        const before = await Promise.all(pair.both.map(pairOf));
        await make(pair[name], true);
        const said = await change(pair.provider, 'upgrade');
        assert.equal(said.status, 409, said.text);
        assert.match(said.text, words);
        await make(pair[name], false);
        assert.deepEqual(await Promise.all(pair.both.map(pairOf)), before);
        assert.equal((await registry(pair.provider)).length, 2);
        assert.equal((await registry(pair.consumer)).length, 2);
        await pair.allUp(number);
      });
    }
  }

  test('the upgrade proves both ways, turns the grant on where it is asked to, and says so in the words of the original', async () => {
    const old = await pairOf(pair.provider);
    await setProperty(pair.consumer, property, 'false');
    const said = await change(pair.consumer, 'upgrade', { enable_grant: true });
    assert.equal(said.status, 200, said.text);
    assert.equal(said.json.result.message, 'Authorization successfully upgraded to Client Credentials.');
    assert.equal(said.json.result.applied, true);
    const now = await pairOf(pair.provider);
    assert.notEqual(now.client, old.client);
    assert.notEqual(now.credential, old.credential);
    for (const side of pair.both) {
      assert.equal((await pairOf(side)).method, 'client_credentials');
      // Whoever searches by the number finds the pair in use, though the old one is kept for a while.
      const named = (await registry(side)).filter((name) => name.endsWith(number));
      assert.deepEqual(named, [`Service Bridge Client ${number}`, `Service Bridge Provider ${number}`]);
      assert.equal((await registry(side)).length, 4);
    }
    await pair.allUp(number);
  });

  /** Id and secret of a registry record, opened behind the back of the instance. */
  const openedPair = async (side: RunningInstance, sysId: string | undefined): Promise<{ id: string; secret: string }> => {
    const [row] = await side.instance.records.findBy('oauth_entity', { sys_id: sysId ?? '' });
    const sealer = makeSealer(await loadInstanceKey(side.data, undefined));
    return { id: row?.client_id ?? '', secret: sealer.open(row?.client_secret ?? '', 'oauth_entity.client_secret') };
  };
  const askToken = ({ instance }: RunningInstance, { id, secret }: { id: string; secret: string }): Promise<Response> => {
    const body = new URLSearchParams({ grant_type: 'client_credentials', client_id: id, client_secret: secret });
    return fetch(`${instance.localUrl}/oauth_token.do`, { method: 'POST', body });
  };
  const tokenBy = async (side: RunningInstance, pair: { id: string; secret: string }): Promise<number> =>
    (await askToken(side, pair)).status;

  test('a handshake that was said before the change, and arrives after it, undoes nothing', async () => {
    const { provider, consumer } = pair;
    const [change] = await provider.instance.records.find('causeway_auth_change', 'open_forISNOTEMPTY');
    const { id } = await openedPair(provider, change?.old_client);
    const used = await openedPair(provider, change?.new_client);
    const token = (await (await askToken(provider, used)).json()) as { access_token: string };
    const { peer_instance_id: instanceId, peer_incarnation: incarnation } = await pair.connection(provider, number);
    const { sys_id: connection } = await pair.connection(consumer, number);
    const say = async (client: string): Promise<string | undefined> => {
      const hello = {
        protocol: '1',
        instanceId,
        incarnation,
        version: '2.4.17',
        features: [],
        connection,
        auth: 'password',
        client,
      };
      const said = await provider.ask('/api/sn_sb/exchange/v1/handshake', {
        authorization: `Bearer ${token.access_token}`,
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(hello),
      });
      assert.equal(said.status, 200, said.text);
      return (await pair.connection(provider, number)).auth_method;
    };
    assert.equal(await say(id), 'client_credentials');
    assert.equal(await say(used.id), 'password', 'of the pair in use the peer knows best');
    // As it does by itself, at the next probe.
    assert.equal((await post(consumer, `/connections/${number}/retry`)).status, 200);
    await untilTrue(async () => (await pair.connection(provider, number)).auth_method === 'client_credentials');
  });

  test('once on client credentials there is nothing to upgrade', async () => {
    const report = await pair.report(pair.provider, number);
    assert.equal(report.can_upgrade_auth, false);
    const said = await change(pair.provider, 'upgrade', { dry_run: true });
    assert.equal(said.status, 409);
    assert.match(said.text, /uses Client Credentials already/);
  });

  test('while the old pair is kept, no other change begins', async () => {
    const said = await change(pair.provider, 'rotate');
    assert.equal(said.status, 409, said.text);
    assert.match(said.text, /old credentials are kept until 20/);
    assert.equal((await change(pair.consumer, 'abort')).status, 409);
  });

  test('when the grace is over, the old pair, the refresh token and the password are gone', async () => {
    for (const { instance } of pair.both) {
      const [row] = await instance.records.find('causeway_auth_change', 'open_forISNOTEMPTY');
      assert.equal(row?.step, 'grace');
      await instance.records.update(systemCaller, 'causeway_auth_change', row?.sys_id ?? '', {
        grace_until: '2020-01-01 00:00:00',
      });
    }
    await untilTrue(async () => (await registry(pair.provider)).length === 2 && (await registry(pair.consumer)).length === 2);
    await untilTrue(async () =>
      (
        await Promise.all(pair.both.map(({ instance }) => instance.records.find('causeway_auth_change', 'open_forISNOTEMPTY')))
      ).every((rows) => rows.length === 0),
    );
    for (const { instance } of pair.both) {
      assert.equal((await instance.records.find('causeway_legacy_credential', '')).length, 0);
      const [user] = await instance.records.findBy('sys_user', { user_name: `sb_user.${number}` });
      assert.deepEqual([user?.user_password, user?.web_service_access_only], ['', 'true']);
    }
    await pair.allUp(number);
  });

  test('secrets rotate the same way: the old ones overlap and end, both sides stay Up, and no secret is said anywhere', async () => {
    for (const side of pair.both)
      for (const name of ['com.snc.platform.security.oauth.debug', 'glide.auth.debug.enabled'])
        await setProperty(side, name, 'true');
    const before = await pairOf(pair.provider);
    const old = await openedPair(pair.provider, before.client);
    const dry = await change(pair.provider, 'rotate', { dry_run: true });
    assert.deepEqual([dry.json.result.ready, dry.json.result.applied], [true, false], dry.text);
    assert.deepEqual(await pairOf(pair.provider), before);
    const said = await change(pair.provider, 'rotate');
    assert.equal(said.status, 200, said.text);
    assert.equal(said.json.result.message, 'Secrets successfully rotated.');
    const now = await pairOf(pair.provider);
    assert.notEqual(now.client, before.client);
    await pair.allUp(number);
    const renewed = await openedPair(pair.provider, now.client);
    assert.notEqual(renewed.secret, old.secret);
    assert.deepEqual([await tokenBy(pair.provider, old), await tokenBy(pair.provider, renewed)], [200, 200]);
    const [row] = await pair.provider.instance.records.find('causeway_auth_change', 'open_forISNOTEMPTY');
    await pair.provider.instance.records.update(systemCaller, 'causeway_auth_change', row?.sys_id ?? '', {
      grace_until: '2020-01-01 00:00:00',
    });
    await untilTrue(async () => (await tokenBy(pair.provider, old)) === 401);
    assert.equal(await tokenBy(pair.provider, renewed), 200);
    await pair.allUp(number);
    for (const { instance, lines } of pair.both) {
      const kept = await Promise.all(
        ['causeway_auth_change', 'causeway_refusal', 'sn_sb_connection', 'sys_audit', 'sn_sb_error'].map((table) =>
          instance.records.find(table, ''),
        ),
      );
      const everything = `${lines()}${JSON.stringify(kept)}${said.text}`;
      for (const { secret } of [old, renewed]) assert.ok(!everything.includes(secret));
    }
  });

  test('offboarding takes both pairs of a change with it', async () => {
    await pair.offboard(number);
    for (const side of pair.both) {
      assert.deepEqual(await registry(side), []);
      assert.equal((await side.instance.records.find('causeway_auth_change', '')).length, 0);
    }
  });
});
