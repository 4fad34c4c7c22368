// The token endpoint over HTTP: every grant gives what it should, and only that.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { forEachEngine } from '../parts/engines.ts';
import { openRig, type Rig } from './part.ts';

forEachEngine((engine) => {
  let rig: Rig;
  before(async () => {
    rig = await openRig(engine);
    await rig.user('ada');
  });
  after(() => rig.close());

  const passwordForm = (client: { id: string; secret: string }, more: Record<string, string> = {}) => ({
    grant_type: 'password',
    client_id: client.id,
    client_secret: client.secret,
    username: 'ada',
    password: 'river stone lamp',
    ...more,
  });

  test('a new client gets an id and a secret that is shown once', async () => {
    const client = await rig.client();
    assert.match(client.id, /^[0-9a-f]{32}$/);
    assert.match(client.secret, /^[0-9a-f]{32}$/);
    const again = await rig.admin('GET', `/api/now/table/oauth_entity/${client.sysId}`);
    assert.equal(again.json.result.client_secret, '********');
    assert.doesNotMatch(again.text, new RegExp(client.secret));
  });

  test('the password grant gives a token that opens the Table API as that user', async () => {
    const client = await rig.client();
    const reply = await rig.token(passwordForm(client));
    assert.equal(reply.status, 200, reply.text);
    assert.match(reply.json.access_token, /^[A-Za-z0-9_-]{86}$/);
    assert.match(reply.json.refresh_token, /^[A-Za-z0-9_-]{86}$/);
    assert.deepEqual(
      { ...reply.json, access_token: '', refresh_token: '' },
      { access_token: '', refresh_token: '', scope: 'useraccount', token_type: 'Bearer', expires_in: 1799 },
    );
    assert.equal(reply.headers.get('cache-control'), 'no-store');
    const call = await rig.send('GET', '/api/now/table/incident?sysparm_limit=1', {
      headers: { authorization: `Bearer ${reply.json.access_token}` },
    });
    assert.equal(call.headers.get('x-is-logged-in'), 'true', call.text);
    const rows = await rig.instance.records.findBy('oauth_credential', { peer: client.sysId });
    assert.equal(rows.length, 2);
    assert.doesNotMatch(JSON.stringify(rows), new RegExp(reply.json.access_token));
  });

  test('the same client and user get the same token while it lives, with its life renewed', async () => {
    const client = await rig.client();
    const first = await rig.token(passwordForm(client));
    rig.clock.advance(1_000_000);
    const second = await rig.token(passwordForm(client));
    assert.equal(second.json.access_token, first.json.access_token);
    assert.equal(second.json.refresh_token, first.json.refresh_token);
    assert.equal(second.json.expires_in, 1799);
    rig.clock.advance(1_800_000);
    const third = await rig.token(passwordForm(client));
    assert.equal(third.status, 200, third.text);
    assert.notEqual(third.json.access_token, first.json.access_token);
  });

  test('two requests at once get one token', async () => {
    const client = await rig.client();
    const replies = await Promise.all([1, 2, 3, 4].map(() => rig.token(passwordForm(client))));
    assert.deepEqual(
      replies.map((reply) => reply.status),
      [200, 200, 200, 200],
    );
    assert.equal(new Set(replies.map((reply) => reply.json.access_token)).size, 1);
  });

  test('an expired token is refused, and a refresh token gives a new one', async () => {
    const client = await rig.client();
    const first = await rig.token(passwordForm(client));
    const bearer = { headers: { authorization: `Bearer ${first.json.access_token}` } };
    assert.notEqual((await rig.send('GET', '/api/now/table/incident', bearer)).status, 401);
    rig.clock.advance(1_801_000);
    assert.equal((await rig.send('GET', '/api/now/table/incident', bearer)).status, 401);
    const form = {
      grant_type: 'refresh_token',
      client_id: client.id,
      client_secret: client.secret,
      refresh_token: first.json.refresh_token,
    };
    const second = await rig.token(form);
    assert.equal(second.status, 200, second.text);
    assert.notEqual(second.json.access_token, first.json.access_token);
    assert.equal(second.json.refresh_token, first.json.refresh_token);
    const third = await rig.token(form);
    assert.equal(third.json.access_token, second.json.access_token);
  });

  test('a token survives a restart, and is handed out again after it', async () => {
    const client = await rig.client();
    const first = await rig.token(passwordForm(client));
    await rig.restart();
    const call = await rig.send('GET', '/api/now/table/incident', {
      headers: { authorization: `Bearer ${first.json.access_token}` },
    });
    assert.notEqual(call.status, 401);
    const second = await rig.token(passwordForm(client));
    assert.equal(second.json.access_token, first.json.access_token);
  });

  test('client credentials want the property, then the application user, then act as it without a refresh token', async () => {
    const user = await rig.user('machine.one', { web_service_access_only: 'true' });
    const client = await rig.client();
    const form = { grant_type: 'client_credentials', client_id: client.id, client_secret: client.secret };
    const off = await rig.token(form);
    assert.deepEqual([off.status, off.text], [401, '{"error_description":"access_denied","error":"server_error"}']);
    await rig.setProperty('glide.oauth.inbound.client.credential.grant_type.enabled', 'true');
    const missing = await rig.token(form);
    assert.equal(missing.status, 400);
    assert.equal(missing.json.error, 'unauthorized_client');
    assert.ok(missing.json.error_description.endsWith(`integration user is not configured for OAuth:${client.sysId}`));
    // However often it asked in vain, it need not wait when the record is right again.
    await Promise.all(Array.from({ length: 20 }, () => rig.token(form)));
    await rig.admin('PATCH', `/api/now/table/oauth_entity/${client.sysId}`, { user: user.sys_id });
    const given = await rig.token(form);
    assert.equal(given.status, 200, given.text);
    assert.equal(given.json.refresh_token, undefined);
    const wrong = await rig.token({ ...form, client_secret: 'nonsense' });
    assert.deepEqual([wrong.status, wrong.text], [401, '{"error_description":"access_denied","error":"invalid_client"}']);
    await rig.admin('PATCH', `/api/now/table/sys_user/${user.sys_id}`, { locked_out: 'true' });
    const bearer = { headers: { authorization: `Bearer ${given.json.access_token}` } };
    assert.equal((await rig.send('GET', '/api/now/table/incident', bearer)).status, 401);
    assert.equal((await rig.token(form)).status, 401);
    await rig.refusals('grant_disabled', 'application_user_missing', 'client_bad_secret', 'user_locked');
    const log = rig.log();
    assert.match(log, /Exception on token flow - client_secret/);
    assert.doesNotMatch(log, new RegExp(client.secret));
  });

  test('Basic carries the client credentials as well', async () => {
    const client = await rig.client();
    const { client_id: id, client_secret: secret, ...form } = passwordForm(client);
    const authorization = `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}`;
    assert.equal((await rig.token(form, { authorization })).status, 200);
    const wrong = await rig.token(form, { authorization: `Basic ${Buffer.from(`${id}:nope`).toString('base64')}` });
    assert.equal(wrong.status, 401);
    assert.match(wrong.headers.get('www-authenticate') ?? '', /^Basic realm=/);
  });

  test('revocation always answers an empty 200 and works at once', async () => {
    const client = await rig.client();
    const given = await rig.token(passwordForm(client));
    const bearer = { headers: { authorization: `Bearer ${given.json.access_token}` } };
    assert.notEqual((await rig.send('GET', '/api/now/table/incident', bearer)).status, 401);
    const unknown = await rig.send('GET', '/oauth_revoke_token.do?token=nonsense');
    const known = await rig.send('GET', `/oauth_revoke_token.do?token=${given.json.refresh_token}`);
    assert.deepEqual([unknown.status, unknown.text, known.status, known.text], [200, '', 200, '']);
    assert.equal((await rig.send('GET', '/api/now/table/incident', bearer)).status, 401);
    const form = {
      grant_type: 'refresh_token',
      client_id: client.id,
      client_secret: client.secret,
      refresh_token: given.json.refresh_token,
    };
    assert.equal((await rig.token(form)).status, 401);
    const fresh = await rig.token(passwordForm(client));
    assert.notEqual(fresh.json.access_token, given.json.access_token);
  });

  test('JWT-format tokens are signed with a published key, and are revoked like any other', async () => {
    const { createRemoteJWKSet, jwtVerify } = await import('jose');
    const client = await rig.client({ token_format: 'jwt', sub_claim: 'user_name' });
    const given = await rig.token(passwordForm(client));
    assert.equal(given.status, 200, given.text);
    const keys = createRemoteJWKSet(new URL(`${rig.url}/api/now/oauth/jwks`));
    const { payload, protectedHeader } = await jwtVerify(given.json.access_token, keys, {
      issuer: rig.url,
      audience: rig.url,
      currentDate: new Date(rig.clock.now()),
    });
    assert.equal(protectedHeader.typ, 'at+jwt');
    assert.deepEqual([payload.sub, payload.client_id, payload.scope], ['ada', client.id, 'useraccount']);
    const bearer = { headers: { authorization: `Bearer ${given.json.access_token}` } };
    assert.notEqual((await rig.send('GET', '/api/now/table/incident', bearer)).status, 401);
    await rig.send('POST', '/oauth_revoke.do', {
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: `token=${given.json.access_token}`,
    });
    assert.equal((await rig.send('GET', '/api/now/table/incident', bearer)).status, 401);
  });
});
