// The authorization code flow over HTTP, as a person at a browser and a client behind it see it.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { forEachEngine } from '../parts/engines.ts';
import { challenge, hidden, openBrowser, verifier } from './browser.ts';
import { openRig, type Rig } from './part.ts';

const callback = 'https://app.example/callback';

forEachEngine((engine) => {
  let rig: Rig;
  let client: { sysId: string; id: string; secret: string };
  before(async () => {
    rig = await openRig(engine);
    await rig.user('ada', { first_name: 'Ada', last_name: 'Lovelace' });
    client = await rig.client({ name: 'Reports <b>', redirect_url: `${callback}, http://127.0.0.1/back` });
  });
  after(() => rig.close());

  const asked = (more: Record<string, string> = {}) => ({
    response_type: 'code',
    client_id: client.id,
    redirect_uri: callback,
    state: 'xyz 1&2',
    code_challenge: challenge,
    code_challenge_method: 'S256',
    ...more,
  });
  const exchange = (code: string, more: Record<string, string> = {}) => ({
    grant_type: 'authorization_code',
    code,
    redirect_uri: callback,
    client_id: client.id,
    client_secret: client.secret,
    code_verifier: verifier,
    ...more,
  });

  test('a person signs in, allows, and the client swaps the code for tokens once', async () => {
    const browser = openBrowser(rig);
    const signIn = await browser.open(asked());
    assert.equal(signIn.status, 200);
    assert.match(signIn.text, /Reports &lt;b&gt;/);
    assert.doesNotMatch(signIn.text, /<script/);
    const wrong = await browser.submit(signIn, { user_name: 'ada', user_password: 'nope' });
    assert.equal(wrong.status, 403);
    assert.match(wrong.text, /role="alert"/);
    const consent = await browser.submit(wrong, { user_name: 'ada', user_password: 'river stone lamp' });
    assert.equal(consent.status, 200, consent.text);
    assert.match(consent.text, /Ada Lovelace/);
    assert.match(consent.text, /useraccount/);
    const done = await browser.submit(consent, { decision: 'allow' });
    assert.equal(done.status, 303);
    const location = new URL(done.headers.get('location') ?? '');
    assert.equal(`${location.origin}${location.pathname}`, callback);
    assert.equal(location.searchParams.get('state'), 'xyz 1&2');
    assert.equal(location.searchParams.get('iss'), rig.url);
    const code = location.searchParams.get('code') ?? '';
    const given = await rig.token(exchange(code));
    assert.equal(given.status, 200, given.text);
    const bearer = { headers: { authorization: `Bearer ${given.json.access_token}` } };
    assert.equal((await rig.send('GET', '/api/now/table/incident', bearer)).status, 200);

    const replayed = await rig.token(exchange(code));
    assert.deepEqual([replayed.status, replayed.text], [401, '{"error_description":"access_denied","error":"server_error"}']);
    assert.equal(
      (await rig.send('GET', '/api/now/table/incident', bearer)).status,
      401,
      'a code used twice takes back what it gave',
    );
    await rig.refusals('bad_password', 'code_replayed');
  });

  test('a consent gives one code', async () => {
    const browser = openBrowser(rig);
    const consent = await browser.submit(await browser.open(asked()), { user_name: 'ada', user_password: 'river stone lamp' });
    assert.equal((await browser.submit(consent, { decision: 'allow' })).status, 303);
    assert.equal((await browser.submit(consent, { decision: 'allow' })).status, 403);
  });

  test('Deny tells the client so', async () => {
    const browser = openBrowser(rig);
    const consent = await browser.submit(await browser.open(asked()), { user_name: 'ada', user_password: 'river stone lamp' });
    const done = await browser.submit(consent, { decision: 'deny' });
    const location = new URL(done.headers.get('location') ?? '');
    assert.deepEqual([location.searchParams.get('error'), location.searchParams.get('state')], ['access_denied', 'xyz 1&2']);
    assert.equal(location.searchParams.get('code'), null);
  });

  test('a code ends after a minute', async () => {
    const location = await openBrowser(rig).allow(asked());
    rig.clock.advance(61_000);
    assert.equal((await rig.token(exchange(location.searchParams.get('code') ?? ''))).status, 401);
    await rig.refusals('code_expired');
  });

  test('of two requests with one code at once, nobody keeps a token', async () => {
    const location = await openBrowser(rig).allow(asked());
    const form = exchange(location.searchParams.get('code') ?? '');
    const replies = await Promise.all([rig.token(form), rig.token(form), rig.token(form)]);
    for (const reply of replies) {
      if (reply.status !== 200) continue;
      const call = await rig.send('GET', '/api/now/table/incident', {
        headers: { authorization: `Bearer ${reply.json.access_token}` },
      });
      assert.equal(call.status, 401);
    }
    assert.ok(replies.filter((reply) => reply.status === 200).length <= 1);
  });

  test('a public client needs no secret, gets a new refresh token each time, and loses all when an old one comes back', async () => {
    const app = await rig.client({ public_client: 'true', redirect_url: 'http://127.0.0.1/back' });
    assert.equal(app.secret, '');
    const redirectUri = 'http://127.0.0.1:53123/back';
    const location = await openBrowser(rig).allow(asked({ client_id: app.id, redirect_uri: redirectUri }));
    assert.equal(location.port, '53123');
    const { client_secret: _none, ...form } = exchange(location.searchParams.get('code') ?? '', {
      client_id: app.id,
      redirect_uri: redirectUri,
    });
    const first = await rig.token(form);
    assert.equal(first.status, 200, first.text);
    const refresh = (token: string) => rig.token({ grant_type: 'refresh_token', client_id: app.id, refresh_token: token });
    const second = await refresh(first.json.refresh_token);
    assert.equal(second.status, 200, second.text);
    assert.notEqual(second.json.refresh_token, first.json.refresh_token);
    assert.equal((await refresh(first.json.refresh_token)).status, 401);
    assert.equal((await refresh(second.json.refresh_token)).status, 401);
    const call = await rig.send('GET', '/api/now/table/incident', {
      headers: { authorization: `Bearer ${second.json.access_token}` },
    });
    assert.equal(call.status, 401);
    await rig.refusals('refresh_replayed');
  });

  const shown: [name: string, query: () => Record<string, string>][] = [
    ['an unknown client', () => asked({ client_id: 'nobody' })],
    ['another path', () => asked({ redirect_uri: `${callback}/../evil` })],
    ['a longer path', () => asked({ redirect_uri: `${callback}x` })],
    ['a query that is not registered', () => asked({ redirect_uri: `${callback}?next=https://evil.example` })],
    ['another scheme', () => asked({ redirect_uri: 'http://app.example/callback' })],
    ['another host', () => asked({ redirect_uri: 'https://app.example.evil.example/callback' })],
    ['a user name before the host', () => asked({ redirect_uri: 'https://app.example@evil.example/callback' })],
    ['a fragment', () => asked({ redirect_uri: `${callback}#x` })],
    ['a script', () => asked({ redirect_uri: 'javascript:alert(1)' })],
    ['another port of a host that is not loopback', () => asked({ redirect_uri: 'https://app.example:8443/callback' })],
    ['a look-alike of loopback', () => asked({ redirect_uri: 'http://127.0.0.1.evil.example/back' })],
    ['no address where several are registered', () => ({ ...asked(), redirect_uri: '' })],
  ];
  for (const [name, query] of shown) {
    test(`nothing is redirected for ${name}`, async () => {
      const page = await openBrowser(rig).open(query());
      assert.deepEqual([page.status, page.headers.get('location')], [400, null]);
      assert.match(page.headers.get('content-type') ?? '', /^text\/html/);
      assert.doesNotMatch(page.text, /evil/);
    });
  }

  const told: [name: string, error: string, query: () => Record<string, string>][] = [
    ['the implicit grant', 'unsupported_response_type', () => asked({ response_type: 'token' })],
    ['no state', 'invalid_request', () => ({ ...asked(), state: '' })],
    ['a plain challenge', 'invalid_request', () => asked({ code_challenge_method: 'plain' })],
    ['a challenge without a method', 'invalid_request', () => ({ ...asked(), code_challenge_method: '' })],
    ['a challenge that is no hash', 'invalid_request', () => asked({ code_challenge: 'short' })],
    ['a scope that is not registered', 'invalid_scope', () => asked({ scope: 'admin' })],
    ['a request object', 'invalid_request', () => asked({ request: 'eyJhbGciOiJub25lIn0.e30.' })],
    ['another response mode', 'invalid_request', () => asked({ response_mode: 'form_post' })],
  ];
  for (const [name, error, query] of told) {
    test(`the client is told of ${name}`, async () => {
      const page = await openBrowser(rig).open(query());
      const location = new URL(page.headers.get('location') ?? '');
      assert.deepEqual(
        [page.status, `${location.origin}${location.pathname}`, location.searchParams.get('error')],
        [303, callback, error],
      );
    });
  }

  test('a public client must send a challenge', async () => {
    const app = await rig.client({ public_client: 'true', redirect_url: callback });
    const page = await openBrowser(rig).open({ ...asked({ client_id: app.id }), code_challenge: '', code_challenge_method: '' });
    assert.equal(new URL(page.headers.get('location') ?? '').searchParams.get('error'), 'invalid_request');
  });

  test('a parameter that stands twice is refused without a redirect', async () => {
    const query = `${new URLSearchParams(asked())}&redirect_uri=https%3A%2F%2Fevil.example%2F`;
    const page = await openBrowser(rig).open(query);
    assert.deepEqual([page.status, page.headers.get('location')], [400, null]);
  });

  test('the forms cannot be framed, cached, or sent from elsewhere', async () => {
    const browser = openBrowser(rig);
    const page = await browser.open(asked());
    assert.equal(page.headers.get('x-frame-options'), 'DENY');
    assert.match(page.headers.get('content-security-policy') ?? '', /default-src 'none'.*frame-ancestors 'none'/);
    assert.equal(page.headers.get('cache-control'), 'no-store');
    assert.equal(page.headers.get('referrer-policy'), 'no-referrer');
    assert.match(page.headers.get('set-cookie') ?? '', /HttpOnly; SameSite=Lax/);
    const fields = { user_name: 'ada', user_password: 'river stone lamp' };
    assert.equal((await browser.submit(page, fields, { cookie: '' })).status, 403, 'without the cookie');
    assert.equal(
      (await browser.submit(page, fields, { cookie: `causeway_sign_in=${'A'.repeat(43)}` })).status,
      403,
      'in another browser',
    );
    assert.equal((await browser.submit(page, fields, { 'sec-fetch-site': 'cross-site' })).status, 403, 'from another site');
    const [body = '', signature = ''] = hidden(page).split('.');
    const changed = `${body}.${signature.startsWith('A') ? 'B' : 'A'}${signature.slice(1)}`;
    const forged = { ...page, text: page.text.replace(hidden(page), changed) };
    assert.equal((await browser.submit(forged, fields)).status, 403, 'with a changed ticket');
    assert.equal((await browser.submit(page, { ...fields, decision: 'allow' })).status, 200, 'a sign-in is no consent');
    rig.clock.advance(601_000);
    assert.equal((await browser.submit(page, fields)).status, 403, 'after ten minutes');
  });

  test('five wrong passwords lock the person out, and the right one does not help then', async () => {
    await rig.user('grace');
    const browser = openBrowser(rig);
    let page = await browser.open(asked());
    for (let attempt = 0; attempt < 5; attempt += 1)
      page = await browser.submit(page, { user_name: 'grace', user_password: 'nope' });
    const right = await browser.submit(page, { user_name: 'grace', user_password: 'river stone lamp' });
    assert.equal(right.status, 403);
    assert.match(right.text, /not right, or this account may not sign in/);
    await rig.refusals('user_locked');
  });

  test('someone with web service access only cannot sign in', async () => {
    await rig.user('robot', { web_service_access_only: 'true' });
    const browser = openBrowser(rig);
    const page = await browser.submit(await browser.open(asked()), { user_name: 'robot', user_password: 'river stone lamp' });
    assert.equal(page.status, 403);
    await rig.refusals('user_web_service_only');
  });
});
