// The Application Registry through the Table API: what may be saved, what is made, what is shown, and what a saved row does.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { wireMoment } from '../../src/kit/clock.ts';
import { forEachEngine } from '../parts/engines.ts';
import { openRig, type Rig } from './part.ts';

forEachEngine((engine) => {
  let rig: Rig;
  let ada: Record<string, string>;
  before(async () => {
    rig = await openRig(engine);
    ada = await rig.user('ada');
  });
  after(() => rig.close());

  const registry = '/api/now/table/oauth_entity';
  const password = (client: { id: string; secret: string }) => ({
    grant_type: 'password',
    client_id: client.id,
    client_secret: client.secret,
    username: 'ada',
    password: 'river stone lamp',
  });

  test('the application user on an OAuth Provider is refused with the name of the record it belongs on', async () => {
    const right = await rig.client({ name: 'Service Bridge Client CONN7' });
    const wrong = await rig.insert('oauth_entity', {
      name: 'Service Bridge Provider CONN7',
      type: 'consumer',
      client_id: 'peer',
    });
    const reply = await rig.admin('PATCH', `${registry}/${wrong.sys_id}`, { user: ada.sys_id });
    assert.equal(reply.status, 400);
    assert.match(reply.json.error.detail, /"Service Bridge Provider CONN7" is of type OAuth Provider/);
    assert.ok(reply.json.error.detail.includes(`"Service Bridge Client CONN7" (sys_id ${right.sysId})`), reply.text);
    const created = await rig.admin('POST', registry, { name: 'Another Provider', type: 'oauth_provider', user: ada.sys_id });
    assert.equal(created.status, 400);

    await rig.setProperty('causeway.rehearsal.allow_misbinding', 'true');
    assert.equal((await rig.admin('PATCH', `${registry}/${wrong.sys_id}`, { user: ada.sys_id })).status, 200);
    await rig.setProperty('causeway.rehearsal.allow_misbinding', 'false');
    assert.equal(
      (await rig.admin('PATCH', `${registry}/${wrong.sys_id}`, { comments: 'kept' })).status,
      200,
      'the row can still be saved',
    );
    assert.equal((await rig.admin('PATCH', `${registry}/${wrong.sys_id}`, { user: '' })).status, 200, 'and put right');
    assert.equal((await rig.admin('PATCH', `${registry}/${wrong.sys_id}`, { user: ada.sys_id })).status, 400);
  });

  const refused: [name: string, values: Record<string, string>][] = [
    ['http to another host', { redirect_url: 'http://app.example/back' }],
    ['a fragment', { redirect_url: 'https://app.example/back#x' }],
    ['a wildcard', { redirect_url: 'https://*.example/back' }],
    ['a script', { redirect_url: 'javascript:alert(1)' }],
    ['a relative address', { redirect_url: '/back' }],
    ['one bad address among good ones', { redirect_url: 'https://app.example/back, data:text/html,x' }],
    ['a life of nothing', { access_token_lifespan: '0' }],
    ['a JWT that outlives its key', { token_format: 'jwt', access_token_lifespan: '9072001' }],
    ['a negative life', { refresh_token_lifespan: '-5' }],
    ['the password as subject', { sub_claim: 'user_password' }],
    ['a subject that is no column', { sub_claim: 'nonsense' }],
  ];
  for (const [name, values] of refused) {
    test(`a client with ${name} is not saved`, async () => {
      const reply = await rig.admin('POST', registry, { name: `Bad: ${name}`, type: 'client', ...values });
      assert.equal(reply.status, 400, reply.text);
    });
  }

  const senseless: [element: string, value: unknown, said: RegExp][] = [
    ['token_format', 'JWT', /^It must be one of: opaque, jwt$/],
    ['token_format', 'xml', /^It must be one of/],
    ['access_token_lifespan', 'abc', /^It must be a whole number$/],
    ['access_token_lifespan', true, /^It must be a whole number$/],
    ['access_token_lifespan', '-5', /^access_token_lifespan must be a whole number of seconds from 1 to 315360000$/],
    ['refresh_token_lifespan', '0', /^refresh_token_lifespan must be/],
    ['auth_code_lifespan', '9'.repeat(20), /^It must be a whole number$/],
    ['auth_code_lifespan', '601', /^auth_code_lifespan must be a whole number of seconds from 1 to 600$/],
    ['inbound_grant_type', 'everything', /^It must be one of: jwt, oidc, /],
    ['scope_restriction_status', 'some', /^It must be one of: unrestricted, restricted, useraccount$/],
    ['active', 'perhaps', /^It must be one of: true, false$/],
  ];
  for (const [element, value, said] of senseless) {
    test(`${element} ${value} is refused, for a new client and for one that is there`, async () => {
      const client = await rig.client();
      for (const [method, path] of [
        ['POST', registry],
        ['PATCH', `${registry}/${client.sysId}`],
      ] as const) {
        const { status, json } = await rig.admin(method, path, { name: `Senseless ${method}`, [element]: value });
        assert.equal(status, 400);
        assert.match(json.error.detail, said);
      }
    });
  }

  test('client ids are unique among clients, and stay', async () => {
    const client = await rig.client({ client_id: 'chosen-by-hand' });
    assert.equal(client.id, 'chosen-by-hand');
    assert.equal((await rig.admin('POST', registry, { name: 'Twin', type: 'client', client_id: 'chosen-by-hand' })).status, 400);
    assert.equal((await rig.admin('PATCH', `${registry}/${client.sysId}`, { client_id: 'another' })).status, 400);
    await rig.insert('oauth_entity', { name: 'Elsewhere', type: 'consumer', client_id: 'chosen-by-hand' });
    assert.equal((await rig.token(password(client))).status, 200);
  });

  test('each entity gets one default profile', async () => {
    const client = await rig.client();
    const rows = await rig.instance.records.findBy('oauth_entity_profile', { oauth_entity: client.sysId });
    assert.deepEqual([rows.length, rows[0]?.default], [1, 'true']);
  });

  test('a replaced secret is taken for a day beside the new one, and not longer', async () => {
    const client = await rig.client();
    const reply = await rig.admin('PATCH', `${registry}/${client.sysId}`, { client_secret: 'the new secret of this client' });
    assert.equal(reply.status, 200);
    assert.doesNotMatch(reply.text, /the new secret/);
    const renewed = { ...client, secret: 'the new secret of this client' };
    const { former_secret_until: until, former_secret_used: unused } = reply.json.result;
    assert.deepEqual([until, unused], [wireMoment(rig.clock.now() + 86_400_000), '']);
    const used = async () => (await rig.instance.records.findBy('oauth_entity', { sys_id: client.sysId }))[0]?.former_secret_used;
    assert.equal((await rig.token(password(client))).status, 200);
    assert.equal(await used(), wireMoment(rig.clock.now()));
    assert.equal((await rig.token(password(renewed))).status, 200);
    assert.equal(await used(), '');
    const forged = { former_secret_until: '2099-01-01 00:00:00', former_secret_used: '2099-01-01 00:00:00' };
    await rig.admin('PATCH', `${registry}/${client.sysId}`, forged);
    assert.equal(await used(), '');
    rig.clock.advance(86_401_000);
    assert.equal((await rig.token(password(client))).status, 401);
    assert.equal((await rig.token(password(renewed))).status, 200);
    const [row] = await rig.instance.records.findBy('oauth_entity', { sys_id: client.sysId });
    assert.doesNotMatch(JSON.stringify(row), /the new secret/);
  });

  test('a mask that comes back changes no secret', async () => {
    const client = await rig.client();
    assert.equal((await rig.admin('PATCH', `${registry}/${client.sysId}`, { client_secret: '********' })).status, 200);
    assert.equal((await rig.token(password(client))).status, 200);
  });

  test('lifetimes are those of the client', async () => {
    const client = await rig.client({ access_token_lifespan: '60', refresh_token_lifespan: '120' });
    const given = await rig.token(password(client));
    assert.equal(given.json.expires_in, 59);
    const form = {
      grant_type: 'refresh_token',
      client_id: client.id,
      client_secret: client.secret,
      refresh_token: given.json.refresh_token,
    };
    rig.clock.advance(61_000);
    assert.equal((await rig.token(form)).status, 200);
    rig.clock.advance(61_000);
    assert.equal((await rig.token(form)).status, 401);
  });

  test('a client for one grant is refused the others', async () => {
    const client = await rig.client({ inbound_grant_type: 'client_credential' });
    assert.equal((await rig.token(password(client))).status, 401);
    const open = await rig.client({ inbound_grant_type: 'ropc' });
    assert.equal((await rig.token(password(open))).status, 200);
  });

  test('a credential can be ended by its row, not lengthened, made or read', async () => {
    const client = await rig.client();
    const given = await rig.token(password(client));
    const bearer = { headers: { authorization: `Bearer ${given.json.access_token}` } };
    const list = await rig.admin('GET', `/api/now/table/oauth_credential?peer=${client.sysId}&type=access_token`);
    const [row] = list.json.result;
    assert.match(row.token_fingerprint, /^[0-9a-f]{12}$/);
    assert.equal(row.token_hash ?? '', '');
    assert.doesNotMatch(list.text, new RegExp(given.json.access_token));
    const address = `/api/now/table/oauth_credential/${row.sys_id}`;
    assert.notEqual(
      (await rig.admin('POST', '/api/now/table/oauth_credential', { type: 'access_token', user: ada.sys_id })).status,
      201,
    );
    assert.equal((await rig.admin('PATCH', address, { expires: '2036-01-01 00:00:00' })).status, 400);
    assert.equal((await rig.send('GET', '/api/now/table/incident', bearer)).status, 200);
    assert.equal((await rig.admin('PATCH', address, { expires: '2026-01-01 00:00:00' })).status, 200);
    assert.equal((await rig.send('GET', '/api/now/table/incident', bearer)).status, 401);
    const [ended] = await rig.instance.records.findBy('oauth_credential', { sys_id: row.sys_id });
    assert.equal(ended?.state, 'revoked');
    await rig.refusals('token_revoked');
  });

  test('a deleted client takes its tokens along', async () => {
    const client = await rig.client();
    const given = await rig.token(password(client));
    const bearer = { headers: { authorization: `Bearer ${given.json.access_token}` } };
    assert.equal((await rig.send('GET', '/api/now/table/incident', bearer)).status, 200);
    assert.equal((await rig.admin('DELETE', `${registry}/${client.sysId}`)).status, 204);
    assert.equal((await rig.send('GET', '/api/now/table/incident', bearer)).status, 401);
  });

  test('tokens open nothing while their client is no OAuth Client', async () => {
    const client = await rig.client();
    const { access_token: token } = (await rig.token(password(client))).json;
    const ask = async () =>
      (await rig.send('GET', '/api/now/table/incident', { headers: { authorization: `Bearer ${token}` } })).status;
    for (const [type, status] of [
      ['client', 200],
      ['oauth_provider', 401],
      ['client', 200],
    ] as const) {
      await rig.admin('PATCH', `${registry}/${client.sysId}`, { type });
      assert.equal(await ask(), status, type);
    }
  });

  test('expired rows go when the properties say so', async () => {
    const client = await rig.client({ access_token_lifespan: '60', refresh_token_lifespan: '60' });
    await rig.token(password(client));
    const user = (await rig.user('keeper')).sys_id ?? '';
    const expires = wireMoment(rig.clock.now());
    for (const end of [expires, '']) await rig.insert('api_key', { name: 'A key', user, expires: end });
    const count = async () => [
      (await rig.instance.records.findBy('oauth_credential', { peer: client.sysId })).length,
      (await rig.instance.records.findBy('api_key', { user })).length,
    ];
    rig.clock.advance(6 * 86_400_000);
    await rig.instance.purge();
    assert.deepEqual(await count(), [2, 2]);
    await rig.setProperty('com.snc.platform.security.oauth.day.old.credential.is.kept', '5');
    await rig.setProperty('com.snc.platform.security.token.auth.days.expired.api_key.is.kept', '5');
    await rig.setProperty('com.snc.platform.security.token.auth.cleanup', 'false');
    await rig.instance.purge();
    assert.deepEqual(await count(), [0, 2]);
    await rig.setProperty('com.snc.platform.security.token.auth.cleanup', 'true');
    await rig.instance.purge();
    assert.deepEqual(await count(), [0, 1], 'a key without an end stays');
  });
});
