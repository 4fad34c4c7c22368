// The permanent fix by hand, as the articles tell it: step by step through the Table API, on both sides, with every way to go wrong.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { forEachEngine } from '../parts/engines.ts';
import type { RunningInstance } from '../parts/running_instance.ts';
import { untilTrue } from '../parts/until_true.ts';
import { patch, runTwoInstances, setProperty, type TwoInstances } from './two_instances.ts';

const property = 'glide.oauth.inbound.client.credential.grant_type.enabled';

forEachEngine((engine) => {
  let pair: TwoInstances;
  let number = '';

  const client = () => `name=Service Bridge Client ${number}`;
  const credential = () => `name=Service Bridge Provider ${number}`;
  const userOf = async ({ instance: { records } }: RunningInstance): Promise<string> =>
    (await records.findBy('sys_user', { user_name: `sb_user.${number}` }))[0]?.sys_id ?? '';
  const untilReason = (side: RunningInstance, direction: 'outbound' | 'inbound', reason: RegExp): Promise<void> =>
    untilTrue(async () => reason.test((await pair.report(side, number))[direction].reason));
  const ok = async (said: Promise<{ status: number; text: string }>): Promise<void> => {
    const { status, text } = await said;
    assert.equal(status, 200, text);
  };

  before(async () => {
    pair = await runTwoInstances(engine);
    number = await pair.register({ auth: 'legacy' });
  });
  after(() => pair.stop());

  test('wrong order: the grant is changed while the property of the other side is off', async () => {
    await ok(patch(pair.consumer, 'oauth_entity', credential(), { default_grant_type: 'client_credentials' }));
    // Both are missing over there; which is told depends on who looked first.
    for (const [side, direction] of [
      [pair.consumer, 'outbound'],
      [pair.provider, 'inbound'],
    ] as const)
      await untilReason(side, direction, /^auth: (grant_disabled|user_not_bound)$/);
    const refusals = await pair.provider.instance.records.find('causeway_refusal', 'reason=grant_disabled');
    assert.match(refusals[0]?.detail ?? '', /grant_type\.enabled is not true/);
  });

  test('with the property on, what is missing is the user on the OAuth Client record', async () => {
    for (const side of pair.both) await setProperty(side, property, 'true');
    await untilReason(pair.consumer, 'outbound', /^auth: user_not_bound$/);
    await untilReason(pair.provider, 'inbound', /^auth: user_not_bound$/);
  });

  test('the user on the OAuth Provider record is refused, with the name of the right one', async () => {
    const user = await userOf(pair.provider);
    const said = await patch(pair.provider, 'oauth_entity', credential(), { user });
    assert.equal(said.status, 400);
    assert.match(said.text, new RegExp(`Service Bridge Client ${number}`));
  });

  test('rehearsed, the mistake is taken and changes nothing: both stay Down while Remote Process Sync is Active', async () => {
    await setProperty(pair.provider, 'causeway.rehearsal.allow_misbinding', 'true');
    await ok(patch(pair.provider, 'oauth_entity', credential(), { user: await userOf(pair.provider) }));
    for (const side of pair.both) {
      const { outbound, inbound } = await pair.report(side, number);
      assert.deepEqual([outbound.status, inbound.status, outbound.rps_state], ['Down', 'Down', 'active']);
    }
  });

  test('the user on the right record brings the consumer’s leg back; the provider is still of the older kind, and so is the link', async () => {
    await ok(patch(pair.provider, 'oauth_entity', credential(), { user: '' }));
    await ok(patch(pair.provider, 'oauth_entity', client(), { user: await userOf(pair.provider) }));
    await pair.allUp(number);
    assert.equal((await pair.report(pair.consumer, number)).auth_method, 'password');
    assert.equal((await pair.connection(pair.provider, number)).peer_auth_method, 'client_credentials');
  });

  test('the same on the other side, and both are Up with Client Credentials', async () => {
    await ok(patch(pair.consumer, 'oauth_entity', client(), { user: await userOf(pair.consumer) }));
    await ok(patch(pair.provider, 'oauth_entity', credential(), { default_grant_type: 'client_credentials' }));
    await untilTrue(async () =>
      (await Promise.all(pair.both.map((side) => pair.report(side, number)))).every(
        (report) => report.auth_method === 'client_credentials',
      ),
    );
    await pair.allUp(number);
    const [user] = await pair.provider.instance.records.findBy('sys_user', { user_name: `sb_user.${number}` });
    const [entity] = await pair.provider.instance.records.find('oauth_entity', client());
    const grants = await pair.provider.instance.records.find(
      'oauth_credential',
      `peer=${entity?.sys_id}^user=${user?.sys_id}^grant_type=client_credentials^state=live`,
    );
    assert.ok(grants.length > 0);
  });

  test('and back: an administrator may return to the older way for as long as the refresh token lives', async () => {
    await ok(patch(pair.consumer, 'oauth_entity', credential(), { default_grant_type: 'password' }));
    assert.equal((await pair.report(pair.consumer, number)).auth_method, 'password');
    await untilTrue(async () => (await pair.report(pair.provider, number)).auth_method === 'password');
    await pair.allUp(number);
  });
});
