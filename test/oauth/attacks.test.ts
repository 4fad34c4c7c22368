// What a hostile client tries at the token endpoint, each with its exact answer in both modes. The code flow's attacks stand in
// authorization.test.ts, those on redirect addresses there too.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Row } from '../../src/records/records.ts';
import { guestSysId } from '../../src/records/tables/sys_user_rows.ts';
import { forEachEngine } from '../parts/engines.ts';
import { untilTrue } from '../parts/until_true.ts';
import { challenge, openBrowser, verifier } from './browser.ts';
import { openRig, type Reply, type Rig } from './part.ts';

const generic = '{"error_description":"access_denied","error":"server_error"}';
const callback = 'https://app.example/callback';

forEachEngine((engine) => {
  let rig: Rig;
  let good: { sysId: string; id: string; secret: string };
  let other: { sysId: string; id: string; secret: string };
  before(async () => {
    rig = await openRig(engine);
    await rig.user('ada');
    good = await rig.client({ redirect_url: callback });
    other = await rig.client({ redirect_url: callback });
  });
  after(() => rig.close());

  const password = (more: Record<string, string> = {}) => ({
    grant_type: 'password',
    client_id: good.id,
    client_secret: good.secret,
    username: 'ada',
    password: 'river stone lamp',
    ...more,
  });
  const isAnswer = (reply: Reply, status: number, body: string) => {
    assert.deepEqual([reply.status, reply.text], [status, body]);
    assert.equal(reply.headers.get('cache-control'), 'no-store');
  };
  const says = (error: string, description: string) => JSON.stringify({ error_description: description, error });

  const malformed: [name: string, body: () => string, headers: Record<string, string>, answer: string][] = [
    ['an empty body', () => '', {}, says('invalid_request', 'Missing grant_type parameter in request')],
    [
      'JSON',
      () => JSON.stringify(password()),
      { 'content-type': 'application/json' },
      says('invalid_request', 'The content type must be application/x-www-form-urlencoded'),
    ],
    [
      'no content type',
      () => String(new URLSearchParams(password())),
      { 'content-type': 'text/plain' },
      says('invalid_request', 'The content type must be application/x-www-form-urlencoded'),
    ],
    [
      'a parameter twice',
      () => `${new URLSearchParams(password())}&username=admin`,
      {},
      says('invalid_request', 'A parameter is included more than once'),
    ],
    [
      'a parameter twice, once empty',
      () => `${new URLSearchParams(password())}&scope=&scope=`,
      {},
      says('invalid_request', 'A parameter is included more than once'),
    ],
    [
      'an oversized value',
      () => String(new URLSearchParams(password({ password: 'x'.repeat(9000) }))),
      {},
      says('invalid_request', 'A parameter is too long'),
    ],
    [
      'an oversized name',
      () => `${'n'.repeat(200)}=1&${new URLSearchParams(password())}`,
      {},
      says('invalid_request', 'A parameter is too long'),
    ],
    [
      'an oversized body',
      () => String(new URLSearchParams(password({ pad: 'x'.repeat(70_000) }))),
      {},
      says('invalid_request', 'The request is too large'),
    ],
    [
      'too many parameters',
      () => `${new URLSearchParams(password())}&${Array.from({ length: 70 }, (_, n) => `p${n}=1`).join('&')}`,
      {},
      says('invalid_request', 'The request has too many parameters'),
    ],
    [
      'a NUL',
      () => `${new URLSearchParams(password())}&scope=a%00b`,
      {},
      says('invalid_request', 'A parameter holds a character that is not allowed'),
    ],
    ['an unknown grant', () => 'grant_type=magic', {}, says('unsupported_grant_type', 'The grant type is not supported')],
    [
      'a prototype name as grant',
      () => 'grant_type=__proto__',
      {},
      says('unsupported_grant_type', 'The grant type is not supported'),
    ],
    [
      'another prototype name',
      () => 'grant_type=constructor',
      {},
      says('unsupported_grant_type', 'The grant type is not supported'),
    ],
    [
      'no user name',
      () => String(new URLSearchParams({ ...password(), username: '' })),
      {},
      says('invalid_request', 'Missing username parameter in request'),
    ],
  ];
  for (const [name, body, headers, answer] of malformed) {
    test(`${name} is a bad request`, async () => isAnswer(await rig.token(body(), headers), 400, answer));
  }

  const untilRow = (isIt: (row: Row) => boolean) =>
    untilTrue(async () =>
      (await rig.refusals('request_malformed')).some((row) => row.path_template === '/oauth_token.do' && isIt(row)),
    );

  test('another method is refused, and leaves its row and its line', async () => {
    for (const method of ['GET', 'PUT', 'DELETE', 'PATCH']) {
      const reply = await rig.send(method, '/oauth_token.do');
      assert.deepEqual([reply.status, reply.headers.get('allow')], [405, 'POST']);
      assert.deepEqual(reply.json, { error: 'invalid_request', error_description: 'Method not allowed' });
    }
    await untilRow(({ leg, detail }) => leg === 'token:method' && /method PATCH, expected POST/.test(detail ?? ''));
    assert.match(rig.log(), /Exception on token flow - invalid_request: Method not allowed/);
  });

  test('a body far too large is not read, and leaves its row', async () => {
    isAnswer(await rig.token('x'.repeat(1_000_000)), 400, says('invalid_request', 'The request is too large'));
    await untilRow(({ leg, detail }) => leg === 'token:readRequest' && detail === 'no grant; The request is too large');
  });

  const badClients: [name: string, form: () => Record<string, string>][] = [
    ['an unknown client', () => password({ client_id: 'f'.repeat(32) })],
    ['a wrong secret', () => password({ client_secret: 'x' })],
    ['no secret', () => ({ ...password(), client_secret: '' })],
    ['the id in other case', () => password({ client_id: good.id.toUpperCase() })],
    ["another client's secret", () => password({ client_secret: other.secret })],
    ['a pattern as client id', () => password({ client_id: '%' })],
    ['query words as client id', () => password({ client_id: `${good.id}^ORclient_idISNOTEMPTY` })],
    ['no client at all', () => ({ ...password(), client_id: '' })],
  ];
  for (const [name, form] of badClients) {
    test(`${name} is an invalid client`, async () =>
      isAnswer(await rig.token(form()), 401, says('invalid_client', 'access_denied')));
  }

  test('an inactive client, and a registration at somebody else, are no clients', async () => {
    const idle = await rig.client({ active: 'false' });
    isAnswer(
      await rig.token(password({ client_id: idle.id, client_secret: idle.secret })),
      401,
      says('invalid_client', 'access_denied'),
    );
    await rig.insert('oauth_entity', {
      name: 'Elsewhere',
      type: 'consumer',
      client_id: 'their-id',
      client_secret: 'their secret',
    });
    isAnswer(
      await rig.token(password({ client_id: 'their-id', client_secret: 'their secret' })),
      401,
      says('invalid_client', 'access_denied'),
    );
    await rig.refusals('entity_inactive', 'client_unknown', 'client_bad_secret');
  });

  const badGrants: [name: string, form: () => Record<string, string>][] = [
    ['a wrong password', () => password({ password: 'x' })],
    ['an unknown user', () => password({ username: 'nobody.at.all' })],
    ['a user name with a colon', () => password({ username: 'ada:river' })],
    ['query words as user name', () => password({ username: 'ada^ORuser_nameISNOTEMPTY' })],
    ['a scope that is not registered', () => password({ scope: 'useraccount admin' })],
    ['a scope with quotes', () => password({ scope: '"' })],
    ['an unknown code', () => ({ grant_type: 'authorization_code', code: 'x', client_id: good.id, client_secret: good.secret })],
    [
      'an unknown refresh token',
      () => ({ grant_type: 'refresh_token', refresh_token: 'x', client_id: good.id, client_secret: good.secret }),
    ],
    [
      'client credentials while they are off',
      () => ({ grant_type: 'client_credentials', client_id: good.id, client_secret: good.secret }),
    ],
    [
      'an assertion for a client without a JWT endpoint',
      () => ({
        grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer',
        assertion: 'eyJhbGciOiJub25lIn0.eyJpc3MiOiJ4IiwiYXVkIjoieSJ9.',
        client_id: good.id,
        client_secret: good.secret,
      }),
    ],
  ];
  for (const [name, form] of badGrants) {
    test(`${name} gets the one answer that says nothing`, async () => isAnswer(await rig.token(form()), 401, generic));
  }

  test('the same refusals carry the codes of RFC 6749 in that mode', async () => {
    await rig.setProperty('causeway.oauth.rfc6749', 'true');
    const cases: [Record<string, string>, number, string][] = [
      [password({ password: 'x' }), 400, 'invalid_grant'],
      [password({ scope: 'admin' }), 400, 'invalid_scope'],
      [password({ client_secret: 'x' }), 401, 'invalid_client'],
      [{ grant_type: 'client_credentials', client_id: good.id, client_secret: good.secret }, 400, 'unauthorized_client'],
      [{ grant_type: 'magic' }, 400, 'unsupported_grant_type'],
      [{}, 400, 'invalid_request'],
    ];
    for (const [form, status, error] of cases) {
      const reply = await rig.token(form);
      assert.deepEqual([reply.status, reply.json.error], [status, error]);
    }
    await rig.setProperty('causeway.oauth.rfc6749', 'false');
  });

  test('secrets in the query string are refused, or read, as the property says', async () => {
    const headers = { 'content-type': 'application/x-www-form-urlencoded' };
    const inQuery = () => rig.send('POST', `/oauth_token.do?${new URLSearchParams(password())}`, { headers });
    isAnswer(await inQuery(), 400, says('invalid_request', 'Parameters are accepted in the request body only'));
    await rig.setProperty('glide.oauth.allow.parameters.in.post.body.only', 'false');
    assert.equal((await inQuery()).status, 200);
    const both = await rig.send('POST', '/oauth_token.do?username=admin', {
      headers,
      body: String(new URLSearchParams(password())),
    });
    isAnswer(both, 400, says('invalid_request', 'A parameter is included more than once'));
    await rig.setProperty('glide.oauth.allow.parameters.in.post.body.only', 'true');
    assert.doesNotMatch(rig.log(), new RegExp(good.secret));
  });

  test('credentials in two places at once are refused', async () => {
    const authorization = `Basic ${Buffer.from(`${good.id}:${good.secret}`).toString('base64')}`;
    isAnswer(
      await rig.token(password(), { authorization }),
      400,
      says('invalid_request', 'Client credentials are given in more than one way'),
    );
    const { client_secret: _secret, ...rest } = password({ client_id: other.id });
    isAnswer(
      await rig.token(rest, { authorization }),
      400,
      says('invalid_request', 'The header and the body name different clients'),
    );
  });

  test("a client cannot use another's refresh token, and the owner keeps it", async () => {
    const given = await rig.token(password());
    const form = { grant_type: 'refresh_token', refresh_token: given.json.refresh_token };
    isAnswer(await rig.token({ ...form, client_id: other.id, client_secret: other.secret }), 401, generic);
    assert.equal((await rig.token({ ...form, client_id: good.id, client_secret: good.secret })).status, 200);
    isAnswer(
      await rig.token({ ...form, refresh_token: given.json.access_token, client_id: good.id, client_secret: good.secret }),
      401,
      generic,
    );
    const call = await rig.send('GET', '/api/now/table/incident', {
      headers: { authorization: `Bearer ${given.json.refresh_token}` },
    });
    assert.equal(call.status, 401, 'a refresh token opens no API');
    await rig.refusals('refresh_other_client', 'refresh_unknown');
  });

  test('scope cannot grow on refresh, and may shrink', async () => {
    for (const scope of ['read', 'write']) {
      await rig.insert('oauth_entity_scope', { name: scope, oauth_entity_scope: scope, oauth_entity: other.sysId });
    }
    const client = { client_id: other.id, client_secret: other.secret };
    const given = await rig.token(password({ ...client, scope: 'read' }));
    assert.equal(given.json.scope, 'read');
    const form = { grant_type: 'refresh_token', refresh_token: given.json.refresh_token, ...client };
    isAnswer(await rig.token({ ...form, scope: 'read write' }), 401, generic);
    assert.equal((await rig.token({ ...form, scope: 'read' })).json.scope, 'read');
    assert.equal((await rig.token(password(client))).json.scope, 'read write');
    isAnswer(await rig.token(password({ ...client, scope: 'useraccount' })), 401, generic);
  });

  test('a stolen code is worth nothing to another client, without the verifier, or at another address', async () => {
    const asked = {
      response_type: 'code',
      client_id: good.id,
      redirect_uri: callback,
      state: 's',
      code_challenge: challenge,
      code_challenge_method: 'S256',
    };
    const code = async (query: Record<string, string> = asked) =>
      (await openBrowser(rig).allow(query)).searchParams.get('code') ?? '';
    const form = { grant_type: 'authorization_code', redirect_uri: callback, client_id: good.id, client_secret: good.secret };
    const stolen = await code();
    isAnswer(
      await rig.token({ ...form, code: stolen, code_verifier: verifier, client_id: other.id, client_secret: other.secret }),
      401,
      generic,
    );
    assert.equal((await rig.token({ ...form, code: stolen, code_verifier: verifier })).status, 200, 'its owner still gets in');
    isAnswer(await rig.token({ ...form, code: await code() }), 401, generic);
    const guessed = await code();
    isAnswer(await rig.token({ ...form, code: guessed, code_verifier: 'x'.repeat(43) }), 401, generic);
    isAnswer(await rig.token({ ...form, code: guessed, code_verifier: verifier }), 401, generic);
    isAnswer(
      await rig.token({ ...form, code: await code(), code_verifier: verifier, redirect_uri: `${callback}/` }),
      401,
      generic,
    );
    const { redirect_uri: _sent, ...unsaid } = form;
    isAnswer(await rig.token({ ...unsaid, code: await code(), code_verifier: verifier }), 401, generic);
    const { code_challenge: _challenge, code_challenge_method: _method, ...plain } = asked;
    isAnswer(await rig.token({ ...form, code: await code(plain), code_verifier: verifier }), 401, generic);
    await rig.refusals('code_other_client', 'pkce_missing', 'pkce_mismatch', 'redirect_mismatch');
  });

  test('guessing at a secret is slowed down for the guesser alone', async () => {
    const victim = await rig.client();
    const form = password({ client_id: victim.id });
    for (let guess = 0; guess < 20; guess += 1) await rig.token({ ...form, client_secret: `guess ${guess}` });
    const slowed = await rig.token({ ...form, client_secret: victim.secret });
    assert.deepEqual([slowed.status, slowed.json.error], [429, 'temporarily_unavailable']);
    assert.ok(Number(slowed.headers.get('retry-after')) > 0);
    assert.equal((await rig.token(password())).status, 200, 'another client goes on');
    rig.clock.advance(301_000);
    assert.equal((await rig.token({ ...form, client_secret: victim.secret })).status, 200);
  });

  test('five wrong passwords lock the user out at this door too', async () => {
    await rig.user('victim');
    for (let guess = 0; guess < 5; guess += 1) await rig.token(password({ username: 'victim', password: `guess ${guess}` }));
    isAnswer(await rig.token(password({ username: 'victim' })), 401, generic);
    await rig.refusals('user_locked');
  });

  const states: [name: string, values: Record<string, string>, reason: string][] = [
    ['inactive', { active: 'false' }, 'user_inactive'],
    ['locked', { locked_out: 'true' }, 'user_locked'],
    ['web service only', { web_service_access_only: 'true' }, 'user_web_service_only'],
    ['to set a new password', { password_needs_reset: 'true' }, 'user_password_reset'],
    ['enrolled for a second factor', { enable_multifactor_authn: 'true' }, 'user_multifactor'],
  ];
  for (const [name, values, reason] of states) {
    test(`a user who is ${name} gets no token for a password`, async () => {
      const userName = `user.${reason}`;
      await rig.user(userName, values);
      isAnswer(await rig.token(password({ username: userName })), 401, generic);
      await rig.refusals(reason);
    });
  }

  test('an inactive client, and an inactive user, stop live tokens at once', async () => {
    const client = await rig.client();
    const user = await rig.user('leaver');
    const given = await rig.token(password({ client_id: client.id, client_secret: client.secret, username: 'leaver' }));
    const ask = async () =>
      (await rig.send('GET', '/api/now/table/incident', { headers: { authorization: `Bearer ${given.json.access_token}` } }))
        .status;
    assert.equal(await ask(), 200);
    await rig.admin('PATCH', `/api/now/table/oauth_entity/${client.sysId}`, { active: 'false' });
    assert.equal(await ask(), 401);
    await rig.admin('PATCH', `/api/now/table/oauth_entity/${client.sysId}`, { active: 'true' });
    assert.equal(await ask(), 200);
    await rig.admin('PATCH', `/api/now/table/sys_user/${user.sys_id}`, { active: 'false' });
    assert.equal(await ask(), 401);
  });

  test('the guest as application user gives no token', async () => {
    await rig.setProperty('glide.oauth.inbound.client.credential.grant_type.enabled', 'true');
    const client = await rig.client({ user: guestSysId });
    const form = { grant_type: 'client_credentials', client_id: client.id, client_secret: client.secret };
    isAnswer(await rig.token(form), 401, generic);
    await rig.refusals('user_inactive');
    await rig.setProperty('glide.oauth.inbound.client.credential.grant_type.enabled', 'false');
  });

  test('nothing answers while OAuth is switched off', async () => {
    const given = await rig.token(password());
    await rig.setProperty('com.snc.platform.security.oauth.is.active', 'false');
    assert.notEqual((await rig.token(password())).status, 200);
    const call = await rig.send('GET', '/api/now/table/incident', {
      headers: { authorization: `Bearer ${given.json.access_token}` },
    });
    assert.equal(call.status, 401);
    await rig.setProperty('com.snc.platform.security.oauth.is.active', 'true');
  });
});
