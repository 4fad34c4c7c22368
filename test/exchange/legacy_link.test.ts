// Links of the older kind: a password once, refresh tokens from then on, and the day on which they end.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { systemCaller } from '../../src/records/caller.ts';
import { forEachEngine } from '../parts/engines.ts';
import { untilTrue } from '../parts/until_true.ts';
import { post, runTwoInstances, setProperty, type TwoInstances } from './two_instances.ts';

forEachEngine((engine) => {
  let pair: TwoInstances;
  let number = '';

  before(async () => {
    pair = await runTwoInstances(engine);
  });
  after(() => pair.stop());

  const legacyOf = async (side: TwoInstances['provider']) =>
    (await side.instance.records.find('causeway_legacy_credential', `connection.connection_id=${number}`))[0] ?? {};

  test('a legacy link registers though client credentials are off, and is Up both ways', async () => {
    number = await pair.register({ auth: 'legacy' });
    for (const side of pair.both) {
      const { auth_method: method, peer_auth_method: theirs } = await pair.connection(side, number);
      assert.deepEqual([method, theirs], ['password', 'password']);
      const [client] = await side.instance.records.find('oauth_entity', `name=Service Bridge Client ${number}`);
      assert.equal(client?.user, '', 'nobody stands on the record: the peer signs in itself');
      const grants = await side.instance.records.find('oauth_credential', `peer=${client?.sys_id}^state=live`);
      assert.deepEqual([...new Set(grants.map(({ grant_type: grant }) => grant))], ['password']);
    }
  });

  test('the password is used once and not kept; the refresh token is, sealed, with the day on which it ends', async () => {
    for (const side of pair.both) {
      const legacy = await legacyOf(side);
      assert.equal(legacy.password, '');
      assert.match(legacy.refresh_token ?? '', /^\$sealed\$/);
      const days = (Date.parse(`${legacy.refresh_expires?.replace(' ', 'T')}Z`) - Date.now()) / 86_400_000;
      assert.ok(days > 99 && days < 101, String(days));
      const shown = await side.ask(`/api/now/table/causeway_legacy_credential/${legacy.sys_id}`);
      assert.equal(shown.status, 200);
      assert.ok(!shown.text.includes('$sealed$'), shown.text);
    }
  });

  test('when the refresh token has ended, the link is Down with User Not Authenticated on both sides', async () => {
    const { provider, consumer } = pair;
    const [client] = await provider.instance.records.find('oauth_entity', `name=Service Bridge Client ${number}`);
    const tokens = await provider.instance.records.find('oauth_credential', `peer=${client?.sys_id}`);
    for (const { sys_id: id = '' } of tokens) {
      const ended = await provider.ask(`/api/now/table/oauth_credential/${id}`, {
        method: 'PATCH',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ expires: '2020-01-01 00:00:00' }),
      });
      assert.equal(ended.status, 200, ended.text);
    }
    await untilTrue(async () => (await pair.report(consumer, number)).outbound.reason === 'auth: token_lapsed');
    const report = await pair.report(consumer, number);
    assert.match(report.outbound.detail, /^User Not Authenticated: /);
    await untilTrue(async () => (await pair.report(provider, number)).inbound.status === 'Down');
    await untilTrue(async () => !/return_leg/.test((await pair.report(provider, number)).inbound.reason));
    assert.match((await pair.report(provider, number)).inbound.reason, /^auth: token_/);
    const refusals = await provider.instance.records.find('causeway_refusal', `entity=${client?.sys_id}`);
    assert.ok(refusals.some(({ reason }) => /^token_(revoked|expired)$/.test(reason ?? '')));
  });

  test('a new password by hand brings it back, and is not kept either', async () => {
    const { provider, consumer } = pair;
    const user = `user_name=sb_user.${number}`;
    const [person] = await provider.instance.records.find('sys_user', user);
    await provider.instance.records.update(systemCaller, 'sys_user', person?.sys_id ?? '', { user_password: 'said by hand 1!' });
    const legacy = await legacyOf(consumer);
    const given = await consumer.ask(`/api/now/table/causeway_legacy_credential/${legacy.sys_id}`, {
      method: 'PATCH',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ password: 'said by hand 1!' }),
    });
    assert.equal(given.status, 200, given.text);
    await post(consumer, `/connections/${number}/probe`);
    await pair.allUp(number);
    assert.equal((await legacyOf(consumer)).password, '');
    await pair.offboard(number);
  });

  for (const older of ['provider', 'consumer'] as const) {
    test(`a ${older} older than 2.3.10 makes it a legacy link, whatever was asked for`, async () => {
      await setProperty(pair[older], 'sn_sb.version', '2.3.9');
      const made = await pair.register({ enable_grant: true });
      for (const side of pair.both) assert.equal((await pair.report(side, made)).auth_method, 'password');
      await pair.offboard(made);
      await setProperty(pair[older], 'sn_sb.version', '2.3.10');
    });
  }

  test('from 2.3.10 on both sides it is client credentials', async () => {
    for (const side of pair.both) await setProperty(side, 'sn_sb.version', '2.3.10');
    const made = await pair.register({ enable_grant: true });
    for (const side of pair.both) assert.equal((await pair.report(side, made)).auth_method, 'client_credentials');
    await pair.offboard(made);
  });

  test('a side that has turned the password grant off is told so before anything is made', async () => {
    await setProperty(pair.provider, 'glide.oauth.inbound.ropc.grant_type.disabled', 'true');
    const said = await post(pair.provider, '/invite', { company: 'Acme', peer: pair.consumer.instance.localUrl, auth: 'legacy' });
    assert.equal(said.status, 409, said.text);
    assert.match(said.text, /glide\.oauth\.inbound\.ropc\.grant_type\.disabled/);
    await setProperty(pair.provider, 'glide.oauth.inbound.ropc.grant_type.disabled', 'false');
    const wrong = await post(pair.provider, '/invite', { company: 'Acme', peer: 'http://127.0.0.1:9', auth: 'certificate' });
    assert.equal(wrong.status, 400);
  });
});
