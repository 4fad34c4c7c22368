// What an API takes: auth scopes, access policies, API keys and the Basic gate, over HTTP.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { wireMoment } from '../../src/kit/clock.ts';
import { forEachEngine } from '../parts/engines.ts';
import { openRig, type Reply, type Rig } from './part.ts';

forEachEngine((engine) => {
  let rig: Rig;
  before(async () => {
    rig = await openRig(engine);
    await rig.user('ada');
  });
  after(() => rig.close());

  const tokenOf = async (client: { id: string; secret: string }): Promise<string> => {
    const form = {
      grant_type: 'password',
      client_id: client.id,
      client_secret: client.secret,
      username: 'ada',
      password: 'river stone lamp',
    };
    return (await rig.token(form)).json.access_token;
  };
  /** For one table, with the one profile it lists. */
  const policyOf = async (table: string, profile: string | undefined) => {
    const values = { name: `${table} by one profile`, api_path: 'now/table', table, apply_all_tables: 'false' };
    const policy = await rig.insert('sys_api_access_policy', values);
    await rig.insert('sys_auth_profile_mapping', {
      api_access_policy: policy.sys_id ?? '',
      inbound_auth_profile: profile ?? '',
    });
    return policy;
  };
  const call = (token: string, table = 'incident'): Promise<Reply> =>
    rig.send('GET', `/api/now/table/${table}?sysparm_limit=1`, { headers: { authorization: `Bearer ${token}` } });
  const basic = (name: string, password = 'river stone lamp'): Record<string, string> => ({
    authorization: `Basic ${Buffer.from(`${name}:${password}`).toString('base64')}`,
  });

  test('an API that asks for a scope is closed to tokens of entities without it, and opens for live tokens when it is given', async () => {
    const client = await rig.client();
    const token = await tokenOf(client);
    assert.equal((await call(token)).status, 200);
    const scope = await rig.insert('sys_auth_scope', { name: 'table_read' });
    const row = await rig.insert('sys_api_access_scope', {
      name: 'reads',
      auth_scope: scope.sys_id ?? '',
      api_path: 'now/table',
      http_method: 'GET',
      apply_all_methods: 'false',
    });
    const closed = await call(token);
    assert.equal(closed.status, 403);
    assert.deepEqual(closed.json.error, {
      message: 'User Not Authorized',
      detail: 'Missing required api access scope: table_read',
    });
    assert.equal(
      (await rig.send('GET', '/api/now/table/incident', { headers: basic('ada') })).status,
      200,
      'Basic carries no scopes',
    );
    const mapping = await rig.insert('oauth_entity_auth_scope_mapping', {
      oauth_entity: client.sysId,
      auth_scope: scope.sys_id ?? '',
    });
    assert.equal((await call(token)).status, 200);
    await rig.admin('DELETE', `/api/now/table/oauth_entity_auth_scope_mapping/${mapping.sys_id}`);
    assert.equal((await call(token)).status, 403);
    await rig.insert('oauth_entity_auth_scope_mapping', {
      oauth_entity: client.sysId,
      auth_scope: '5e1f1b0ad4a3401f8f3c9b6a7d20c0de',
    });
    assert.equal((await call(token)).status, 200, 'useraccount opens everything');
    await rig.admin('DELETE', `/api/now/table/sys_api_access_scope/${row.sys_id}`);
    await rig.refusals('api_scope_missing');
  });

  test('the scope that opens everything cannot be deleted', async () => {
    const reply = await rig.admin('DELETE', '/api/now/table/sys_auth_scope/5e1f1b0ad4a3401f8f3c9b6a7d20c0de');
    assert.equal(reply.status, 400);
  });

  test('what is asked of the Table API is asked of the older addresses of the same records', async () => {
    const client = await rig.client();
    const authorization = `Bearer ${await tokenOf(client)}`;
    const scope = await rig.insert('sys_auth_scope', { name: 'table_delete' });
    const row = await rig.insert('sys_api_access_scope', {
      name: 'deletes',
      auth_scope: scope.sys_id ?? '',
      api_path: 'now/table',
      http_method: 'DELETE',
      apply_all_methods: 'false',
    });
    const policy = await policyOf('incident', '6a0c2d7e1b5f4c08912d3e4f5a6b7c82');
    for (const address of ['incident.do?JSONv2', 'incident_list.do?JSONv2', 'incident.do?CSV', '/incident_list.do?CSV']) {
      assert.equal((await rig.send('GET', `/${address}`, { headers: basic('ada') })).status, 401, address);
      assert.equal((await rig.send('GET', `/${address}`, { headers: { authorization } })).status, 200, address);
    }
    assert.equal((await rig.send('GET', '/problem.do?JSONv2', { headers: basic('ada') })).status, 200);
    const removal = await rig.send('POST', '/incident.do?JSONv2&sysparm_action=deleteRecord&sysparm_sys_id=x', {
      headers: { authorization, 'content-type': 'application/json' },
      body: '{}',
    });
    assert.deepEqual([removal.status, removal.json.error.detail], [403, 'Missing required api access scope: table_delete']);
    await rig.admin('DELETE', `/api/now/table/sys_api_access_scope/${row.sys_id}`);
    await rig.admin('DELETE', `/api/now/table/sys_api_access_policy/${policy.sys_id}`);
    await rig.refusals('policy_denied');
  });

  test('a securely scoped client may not call an API that asks for no scope', async () => {
    const client = await rig.client({ scope_restriction_status: 'restricted' });
    const reply = await call(await tokenOf(client));
    assert.equal(reply.status, 403);
    assert.equal(reply.json.error.detail, 'Access to unscoped api is not allowed');
  });

  test('an access policy takes only the ways it lists, and says which', async () => {
    const client = await rig.client();
    const token = await tokenOf(client);
    const policy = await policyOf('incident', '6a0c2d7e1b5f4c08912d3e4f5a6b7c82');
    const refused = await rig.send('GET', '/api/now/table/incident', { headers: basic('ada') });
    assert.equal(refused.status, 401);
    assert.equal(refused.headers.get('www-authenticate'), 'BEARER realm="Service-now"');
    assert.equal((await call(token)).status, 200);
    assert.equal((await rig.send('GET', '/api/now/table/task', { headers: basic('ada') })).status, 200, 'another table');
    await rig.admin('DELETE', `/api/now/table/sys_api_access_policy/${policy.sys_id}`);
    await rig.refusals('policy_denied');
  });

  test('a token with restricted binding is good only where a policy lists its profile', async () => {
    const client = await rig.client({ restricted_binding: 'true' });
    const token = await tokenOf(client);
    assert.equal((await call(token)).status, 401);
    const profile = await rig.insert('inbound_auth_profile', {
      name: 'only this client',
      type: 'oauth',
      oauth_entity: client.sysId,
    });
    const policy = await policyOf('task', profile.sys_id);
    assert.equal((await call(token, 'task')).status, 200);
    assert.equal((await call(token, 'incident')).status, 401);
    assert.equal((await call(await tokenOf(await rig.client()), 'task')).status, 401, 'the profile is of one client');
    await rig.admin('DELETE', `/api/now/table/sys_api_access_policy/${policy.sys_id}`);
  });

  test('a condition on networks keeps others out', async () => {
    const policy = await policyOf('task', '6a0c2d7e1b5f4c08912d3e4f5a6b7c83');
    const condition = await rig.insert('auth_policy_mapping', {
      api_access_policy: policy.sys_id ?? '',
      name: 'office',
      networks: '192.0.2.0/24',
    });
    const ask = () => rig.send('GET', '/api/now/table/task', { headers: basic('ada') });
    assert.equal((await ask()).status, 401);
    await rig.admin('PATCH', `/api/now/table/auth_policy_mapping/${condition.sys_id}`, { networks: '192.0.2.0/24, 127.0.0.0/8' });
    assert.equal((await ask()).status, 200);
    await rig.admin('DELETE', `/api/now/table/sys_api_access_policy/${policy.sys_id}`);
  });

  test('an API key opens what a policy lists for keys, is shown once, and ends', async () => {
    const user = await rig.user('key.user');
    const key = await rig.insert('api_key', { name: 'nightly', user: user.sys_id ?? '', expires: '2027-01-01 00:00:00' });
    assert.match(key.token ?? '', /^[A-Za-z0-9_-]{43}$/);
    const again = await rig.admin('GET', `/api/now/table/api_key/${key.sys_id}`);
    assert.doesNotMatch(again.text, new RegExp(key.token ?? 'x'));
    const ask = (token = key.token ?? '') => rig.send('GET', '/api/now/table/task', { headers: { 'x-sn-apikey': token } });
    assert.equal((await ask()).status, 401, 'no policy lists keys');
    const profile = await rig.insert('inbound_auth_profile', { name: 'keys', type: 'api_key', auth_parameter: 'x-sn-apikey' });
    const policy = await policyOf('task', profile.sys_id);
    assert.equal((await ask()).status, 200);
    const usedAt = async () => (await rig.instance.records.findBy('api_key', { sys_id: key.sys_id ?? '' }))[0]?.last_used;
    const first = wireMoment(rig.clock.now());
    assert.equal(await usedAt(), first);
    for (const [seconds, expected] of [
      [30, first],
      [31, wireMoment(rig.clock.now() + 61_000)],
    ] as const) {
      rig.clock.advance(seconds * 1000);
      assert.equal((await ask()).status, 200);
      assert.equal(await usedAt(), expected);
    }
    assert.equal((await ask(`${key.token}x`)).status, 401);
    await rig.admin('PATCH', `/api/now/table/api_key/${key.sys_id}`, { active: 'false' });
    assert.equal((await ask()).status, 401);
    await rig.admin('PATCH', `/api/now/table/api_key/${key.sys_id}`, { active: 'true', expires: '2026-10-31 00:00:00' });
    assert.equal((await ask()).status, 401);
    await rig.admin('DELETE', `/api/now/table/sys_api_access_policy/${policy.sys_id}`);
  });

  test('the Basic gate watches, then refuses people, and lets service accounts and explicit roles through', async () => {
    await rig.user('service.one', { web_service_access_only: 'true' });
    const ask = async (name: string) => (await rig.send('GET', '/api/now/table/task', { headers: basic(name) })).status;
    await rig.setProperty('glide.authenticate.basic_auth.restriction.active', 'true');
    assert.equal(await ask('ada'), 200, 'only watched');
    assert.match(rig.log(), /denied basic-auth API call for interactive-login user \[ada\] under enforce=false/);
    const [admin] = await rig.instance.records.findBy('sys_user', { user_name: 'admin' });
    await rig.setProperty('glide.authenticate.basic_auth.allowed_users', admin?.sys_id ?? '');
    await rig.setProperty('glide.authenticate.basic_auth.restriction.enforce', 'true');
    assert.equal(await ask('ada'), 401);
    const right = await rig.send('GET', '/api/now/table/task', { headers: basic('ada') });
    const wrong = await rig.send('GET', '/api/now/table/task', { headers: basic('nobody.of.that.name') });
    const plain = ({ headers, text }: Reply) => [
      text,
      [...headers].filter(([name]) => !['date', 'x-transaction-id'].includes(name)),
    ];
    assert.deepEqual(plain(right), plain(wrong), 'a refusal does not tell that the password was right');
    assert.equal(await ask('service.one'), 200);
    const [role] = await rig.instance.records.findBy('sys_user_role', { name: 'snc_basic_auth_api_access' });
    const [ada] = await rig.instance.records.findBy('sys_user', { user_name: 'ada' });
    await rig.insert('sys_user_has_role', { user: ada?.sys_id ?? '', role: role?.sys_id ?? '' });
    assert.equal(await ask('ada'), 200);
    await rig.user('bo');
    const [bo] = await rig.instance.records.findBy('sys_user', { user_name: 'bo' });
    const tomorrow = wireMoment(rig.clock.now() + 86_400_000).slice(0, 10);
    await rig.setProperty('glide.authenticate.basic_auth.restriction.enforcement_date', tomorrow);
    assert.equal(await ask('bo'), 200, 'not before the day');
    for (const day of ['', 'someday', '2026-13-45', wireMoment(rig.clock.now())]) {
      await rig.setProperty('glide.authenticate.basic_auth.restriction.enforcement_date', day);
      assert.equal(await ask('bo'), 401, day);
    }
    const [external] = await rig.instance.records.findBy('sys_user_role', { name: 'snc_external' });
    for (const user of [ada, bo])
      await rig.insert('sys_user_has_role', { user: user?.sys_id ?? '', role: external?.sys_id ?? '' });
    const expected: [value: string, ada: number, bo: number][] = [
      ['', 200, 401],
      ['true', 200, 200],
      ['false', 401, 401],
    ];
    for (const [value, adaGets, boGets] of expected) {
      await rig.setProperty('glide.authenticate.basic_auth.allow_snc_external', value);
      assert.deepEqual([await ask('ada'), await ask('bo')], [adaGets, boGets], `allow_snc_external ${value}`);
    }
    await rig.setProperty('glide.authenticate.basic_auth.allow_snc_external', '');
    const table = '/api/now/table/basic_auth_exception';
    const exception = async () =>
      (await rig.admin('GET', `${table}?sysparm_query=user.user_name=bo&sysparm_exclude_reference_link=true`)).json.result[0];
    const before = Number((await exception()).usage_count);
    rig.clock.advance(61_000);
    assert.deepEqual([await ask('bo'), Number((await exception()).usage_count) > before], [401, true]);
    assert.equal((await exception()).last_seen, wireMoment(rig.clock.now()));
    const decided: [decision: string, byDefault: string, status: number][] = [
      ['default', 'maintain', 200],
      ['default', 'revoke', 401],
      ['maintain', 'revoke', 200],
      ['revoke', 'maintain', 401],
      ['convert', 'revoke', 200],
    ];
    const { sys_id: row } = await exception();
    for (const [decision, byDefault, status] of decided) {
      await rig.setProperty('glide.authenticate.basic_auth.restriction.default_decision', byDefault);
      assert.equal((await rig.admin('PATCH', `${table}/${row}`, { decision })).status, 200);
      assert.equal(await ask('bo'), status, `${decision}, by default ${byDefault}`);
    }
    const [converted] = await rig.instance.records.findBy('sys_user', { user_name: 'bo' });
    assert.equal(converted?.web_service_access_only, 'true');
    assert.equal((await rig.admin('PATCH', `${table}/${row}`, { decision: 'perhaps' })).status, 400);
    await rig.setProperty('glide.authenticate.basic_auth.restriction.active', 'false');
    await rig.refusals('basic_restricted');
  });
});
