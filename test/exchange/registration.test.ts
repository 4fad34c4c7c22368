// A registration between two instances over real HTTP: what a code is good for, what stops it, and that nothing is left behind.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { systemCaller } from '../../src/records/caller.ts';
import { forEachEngine } from '../parts/engines.ts';
import { basic, type RunningInstance, runInstance } from '../parts/running_instance.ts';
import { untilTrue } from '../parts/until_true.ts';

const base = '/api/sn_sb/exchange_admin';

forEachEngine((engine) => {
  let provider: RunningInstance;
  let consumer: RunningInstance;

  const post = (side: RunningInstance, path: string, body: unknown) =>
    side.ask(`${base}${path}`, { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } });
  const invite = async (peer = consumer.instance.localUrl, more = {}): Promise<{ code: string; connectionId: string }> => {
    const said = await post(provider, '/invite', { company: 'Acme', peer, enable_grant: true, ...more });
    assert.equal(said.status, 200, said.text);
    return said.json.result;
  };
  const left = async (side: RunningInstance, number: string): Promise<string[]> => {
    const found: string[] = [];
    for (const [table, query] of [
      ['oauth_entity', `nameLIKE${number}`],
      ['sys_user', `user_name=sb_user.${number}`],
      ['sn_sb_connection', `connection_id=${number}`],
      ['ih_sync_remote_system', `nameLIKE${number}`],
      ['sn_sb_onboarding', `connection.connection_id=${number}`],
    ] as const)
      if ((await side.instance.records.find(table, query)).length > 0) found.push(table);
    return found;
  };

  before(async () => {
    provider = await runInstance(engine, { demoData: 'false' });
    consumer = await runInstance(engine, { demoData: 'false' });
  });
  after(() => Promise.all([provider.stop(), consumer.stop()]));

  test('without the grant nothing is invited, and the answer names the property', async () => {
    const said = await post(provider, '/invite', { company: 'Acme', peer: consumer.instance.localUrl });
    assert.equal(said.status, 409);
    assert.match(said.text, /glide\.oauth\.inbound\.client\.credential\.grant_type\.enabled/);
  });

  test('dry runs say what inviting and accepting would do, and change nothing', async () => {
    const request = { company: 'Acme', peer: consumer.instance.localUrl, enable_grant: true, dry_run: true };
    const planned = (await post(provider, '/invite', request)).json.result;
    assert.equal(planned.code, '');
    assert.match(
      planned.plan.join('\n'),
      /^set glide\.oauth.* to true\ninvite Acme at .*, channel default, by client credentials, until /,
    );
    const refused = await post(provider, '/invite', { ...request, enable_grant: false });
    assert.equal(refused.headers.get('causeway-code'), 'exchange.grant_disabled', 'the grant is off still');
    assert.equal((await provider.instance.records.find('sn_sb_pro_registration', '')).length, 0);
    const { code, connectionId } = await invite();
    const accepting = (await post(consumer, '/accept', { code, enable_grant: true, dry_run: true })).json.result;
    assert.match(
      accepting.plan.join('\n'),
      new RegExp(`^set glide.*\nconnect to .* as ${connectionId}, .*\nmake .*sb_user\\.${connectionId}`),
    );
    assert.deepEqual(await left(consumer, connectionId), []);
    const again = (await post(provider, '/invite', request)).json.result;
    assert.match(again.plan.join('\n'), new RegExp(`^end the open invitation ${connectionId} `));
    const own = await post(provider, '/accept', { code, dry_run: true });
    assert.equal(own.headers.get('causeway-code'), 'exchange.own_invitation');
  });

  for (const [what, change] of [
    ['cut', (code: string) => code.slice(0, -3)],
    ['with one letter changed', (code: string) => code.replace(/.$/, (last) => (last === 'A' ? 'B' : 'A'))],
    ['not a code', () => 'hello'],
    ['empty', () => ' '],
  ] as const) {
    test(`a code that is ${what} is refused, and leaves nothing`, async () => {
      const { code, connectionId } = await invite();
      const said = await post(consumer, '/accept', { code: change(code), enable_grant: true });
      assert.ok([400, 409].includes(said.status), said.text);
      assert.deepEqual(await left(consumer, connectionId), []);
      assert.deepEqual(await left(provider, connectionId), []);
    });
  }

  test('a code made for another address is refused with both addresses, stays visible, and abort removes every row', async () => {
    const { code, connectionId } = await invite('http://127.0.0.1:9');
    const said = await post(consumer, '/accept', { code, enable_grant: true });
    assert.equal(said.json.result.state, 'pending');
    assert.match(said.json.result.step_error, /exchange\.invitation_other_instance.*127\.0\.0\.1:9/);
    const planned = await post(consumer, `/connections/${connectionId}/abort`, { dry_run: true });
    assert.equal(planned.json.result.applied, false);
    assert.ok((await left(consumer, connectionId)).length > 0);
    assert.equal((await post(consumer, `/connections/${connectionId}/abort`, {})).status, 200);
    assert.deepEqual(await left(consumer, connectionId), []);
    assert.deepEqual(await left(provider, connectionId), []);
  });

  test('a provider that aborts takes the code back', async () => {
    const { code, connectionId } = await invite();
    assert.equal((await post(provider, `/connections/${connectionId}/abort`, {})).status, 200);
    const said = await post(consumer, '/accept', { code, enable_grant: true });
    assert.equal(said.status, 409, said.text);
    assert.deepEqual(await left(consumer, connectionId), []);
  });

  test('whoever has no role of the exchange invites nobody and accepts nothing, and hears which role it takes', async () => {
    const { code, connectionId } = await invite();
    const clerk = { user_name: 'clerk', user_password: 'a clerk at work', active: 'true' };
    for (const side of [provider, consumer]) await side.instance.records.insert(systemCaller, 'sys_user', clerk);
    const authorization = basic(clerk.user_name, clerk.user_password);
    const headers = { 'content-type': 'application/json' };
    for (const [side, path, body] of [
      [consumer, '/accept', { code }],
      [provider, '/invite', { company: 'Acme', peer: consumer.instance.localUrl }],
      [provider, `/connections/${connectionId}/abort`, {}],
      [provider, `/connections/${connectionId}/offboard`, {}],
    ] as const) {
      const said = await side.ask(`${base}${path}`, { authorization, headers, body: JSON.stringify(body) });
      assert.deepEqual([said.status, said.headers.get('causeway-code')], [403, 'exchange.admin_forbidden'], path);
      assert.match(said.text, /sn_sb\.admin/);
    }
    assert.deepEqual(await left(consumer, connectionId), []);
    assert.equal((await post(provider, `/connections/${connectionId}/abort`, {})).status, 200);
  });

  test('two channels to one peer, made at the same time, live side by side; the same code again changes nothing', async () => {
    const [first, second] = await Promise.all([invite(), invite(undefined, { channel: 'second' })]);
    const accepted = await Promise.all([first, second].map(({ code }) => post(consumer, '/accept', { code })));
    for (const said of accepted) assert.equal(said.json?.result?.state, 'onboarded', said.text);
    for (const { connectionId } of [first, second])
      for (const { instance } of [provider, consumer])
        assert.equal((await instance.records.find('oauth_entity', `nameENDSWITH${connectionId}`)).length, 2);
    const again = await post(consumer, '/accept', { code: first.code });
    assert.equal(again.json.result.connection_id, first.connectionId);
    const refused = await post(provider, '/invite', { company: 'Acme', peer: consumer.instance.localUrl });
    assert.equal(refused.status, 409);
    await untilTrue(async () => {
      const reports = (await provider.ask(`${base}/connections`)).json.result as { outbound: { status: string } }[];
      return reports.length === 2 && reports.every(({ outbound }) => outbound.status === 'Up');
    });
  });

  test('no secret of a connection is shown', async () => {
    const [row] = await provider.instance.records.find('sn_sb_connection', '', { limit: 1 });
    const shown = await provider.ask(`/api/now/table/oauth_entity/${row?.inbound_client}`);
    const [client] = await provider.instance.records.findBy('oauth_entity', { sys_id: row?.inbound_client ?? '' });
    assert.ok(client?.client_secret && !shown.text.includes(client.client_secret));
    const [outward] = await consumer.instance.records.findBy('oauth_entity', { client_id: client?.client_id ?? '' });
    assert.equal(outward?.type, 'oauth_provider');
    assert.match(provider.lines(), /handshake, user: sb_user\./);
    assert.doesNotMatch(provider.lines(), /registration\?/);
  });

  test('the integration user opens the exchange and nothing else', async () => {
    const { records, localUrl } = provider.instance;
    const [row] = await records.find('sn_sb_connection', '', { limit: 1 });
    const client = row?.inbound_client ?? '';
    await records.update(systemCaller, 'oauth_entity', client, { client_secret: 'known to this test' });
    const [{ client_id: id = '' } = {}] = await records.findBy('oauth_entity', { sys_id: client });
    const form = new URLSearchParams({ grant_type: 'client_credentials', client_id: id, client_secret: 'known to this test' });
    const granted = (await (await fetch(`${localUrl}/oauth_token.do`, { method: 'POST', body: form })).json()) as {
      access_token: string;
    };
    const authorization = `Bearer ${granted.access_token}`;
    for (const path of ['/api/now/table/sys_user_role', '/api/now/table/sn_sb_connection', `${base}/connections`]) {
      assert.equal((await provider.ask(path, { authorization })).status, 403, path);
    }
    const messages = await provider.ask('/api/sn_sb/exchange/v1/messages', {
      authorization,
      headers: { 'content-type': 'application/json' },
      body: '[]',
    });
    assert.equal(messages.status, 200, messages.text);
  });
});
