// The vendor's command line signs in both ways, request for request as it sends them.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { forEachEngine } from '../parts/engines.ts';
import { challenge, openBrowser, verifier } from './browser.ts';
import { openRig, type Rig } from './part.ts';

const form = { 'content-type': 'application/x-www-form-urlencoded' };

forEachEngine((engine) => {
  let rig: Rig;
  let ada: Record<string, string>;
  before(async () => {
    rig = await openRig(engine);
    ada = await rig.user('ada');
  });
  after(() => rig.close());

  const login = (password = 'river stone lamp', name = 'ada') =>
    rig.send('POST', '/angular.do?sysparm_type=view_form.login', {
      headers: form,
      body: String(
        new URLSearchParams({
          sysparm_type: 'login',
          'ni.nolog.user_password': 'true',
          user_name: name,
          user_password: password,
        }),
      ),
    });
  const cookieOf = (reply: Awaited<ReturnType<typeof login>>): string => reply.headers.get('set-cookie')?.split(';')[0] ?? '';
  const getUser = (headers: Record<string, string>) => rig.send('POST', '/angular.do?sysparm_type=get_user', { headers });

  // Older versions ask for no scope; 4.9.0 sends `openid`.
  for (const scope of ['', 'openid'])
    test(`OAuth: the shipped public client with scope '${scope}', PKCE, and a page that shows the code`, async () => {
      const clientId = '543e5655f77746a28228c6009a599dfb';
      const browser = openBrowser(rig);
      const query = {
        client_id: clientId,
        scope,
        response_type: 'code',
        redirect_uri: '/sdk-oauth.do',
        state: 'state',
        code_challenge: challenge,
        code_challenge_method: 'S256',
      };
      const consent = await browser.submit(await browser.open(query), { user_name: 'ada', user_password: 'river stone lamp' });
      const done = await browser.submit(consent, { decision: 'allow' });
      const location = done.headers.get('location') ?? '';
      assert.match(location, /^\/sdk-oauth\.do\?code=/);
      const page = await rig.send('GET', location);
      const code = /id="code" value="([^"]+)"/.exec(page.text)?.[1] ?? '';
      const given = await rig.token({
        grant_type: 'authorization_code',
        code,
        redirect_uri: '/sdk-oauth.do',
        client_id: clientId,
        code_verifier: verifier,
      });
      assert.equal(given.status, 200, given.text);
      const who = await getUser({ authorization: `Bearer ${given.json.access_token}` });
      assert.deepEqual(who.json, { result: { user_id: ada.sys_id, user_name: 'ada' } });

      // 4.9.0 turns the token into a session before it calls anything: as nobody, then with the token, then by the cookie alone.
      const authorization = `Bearer ${given.json.access_token}`;
      const nobody = await getUser({});
      assert.deepEqual([nobody.status, nobody.json.result.user_name], [200, 'guest']);
      const scopes = (headers: Record<string, string>) =>
        rig.send('GET', '/api/now/table/sys_scope?sysparm_fields=sys_id,sys_class_name&sysparm_limit=1', { headers });
      assert.equal((await scopes({ authorization })).headers.get('set-cookie'), null, 'nobody asked for a cookie');
      assert.equal((await scopes({ cookie: cookieOf(nobody), authorization: 'Bearer nope' })).headers.get('set-cookie'), null);
      const bound = await scopes({ cookie: cookieOf(nobody), authorization });
      assert.match(bound.headers.get('set-cookie') ?? '', /HttpOnly; SameSite=Strict$/);
      const cookie = cookieOf(bound);
      assert.ok(!cookie.includes(given.json.access_token));
      const refused = await getUser({ cookie });
      const userToken = refused.headers.get('x-usertoken-response') ?? '';
      assert.deepEqual([refused.status, userToken.length], [401, 43]);
      const call = async (headers: Record<string, string>) =>
        (await rig.send('GET', '/api/now/table/incident?sysparm_limit=1', { headers })).status;
      assert.equal(await call({ cookie, 'x-usertoken': userToken }), 200);
      assert.equal((await getUser({ cookie, 'x-usertoken': userToken })).json.result.user_name, 'ada');
      assert.equal(await call({ cookie }), 401, 'the cookie alone is nothing');
      assert.equal(await call({ cookie: cookieOf(nobody), 'x-usertoken': userToken }), 401);
      assert.equal(await call({ cookie, 'x-usertoken': `${userToken.slice(1)}A` }), 401);
      assert.equal(await call({ cookie: `${cookie}A`, 'x-usertoken': userToken }), 401);
      await rig.send('POST', '/oauth_revoke.do', {
        headers: form,
        body: String(new URLSearchParams({ token: given.json.access_token, client_id: clientId })),
      });
      assert.equal(await call({ cookie, 'x-usertoken': userToken }), 401, 'it ends with the token');
    });

  test('the page shows codes and nothing else', async () => {
    const page = await rig.send('GET', '/sdk-oauth.do?code=%3Cscript%3Ealert(1)%3C%2Fscript%3E');
    assert.equal(page.status, 400);
    assert.doesNotMatch(page.text, /<script|alert\(/);
  });

  test('the form opens a session, the refused question gives its user token, and both together open the API', async () => {
    const opened = await login();
    assert.deepEqual([opened.status, opened.json.status], [200, 'success']);
    assert.match(opened.headers.get('set-cookie') ?? '', /HttpOnly; SameSite=Strict/);
    const cookie = cookieOf(opened);
    const asked = await getUser({ cookie });
    assert.equal(asked.status, 401);
    const userToken = asked.headers.get('x-usertoken-response') ?? '';
    assert.ok(userToken.length > 40);
    const call = (headers: Record<string, string>) => rig.send('GET', '/api/now/table/incident', { headers });
    assert.equal((await call({ cookie, 'x-usertoken': userToken })).status, 200);
    assert.equal((await call({ cookie })).status, 401, 'the cookie alone is nothing');
    assert.equal((await call({ cookie, 'x-usertoken': `${userToken}x` })).status, 401);
    assert.equal((await call({ cookie: `${cookie}x`, 'x-usertoken': userToken })).status, 401);
    assert.equal((await getUser({ cookie, 'x-usertoken': userToken })).json.result.user_name, 'ada');
    const plain = await call({ cookie, authorization: 'Bearer nonsense' });
    assert.equal(plain.status, 401, 'the header wins');
  });

  test('a session ends with half an hour, with the password, and with the user', async () => {
    const user = await rig.user('grace');
    const open = async (password = 'river stone lamp') => {
      const cookie = cookieOf(await login(password, 'grace'));
      return { cookie, 'x-usertoken': (await getUser({ cookie })).headers.get('x-usertoken-response') ?? '' };
    };
    const status = async (headers: Record<string, string>) =>
      (await rig.send('GET', '/api/now/table/incident', { headers })).status;
    const first = await open();
    assert.equal(await status(first), 200);
    rig.clock.advance(1_801_000);
    assert.equal(await status(first), 401);
    const second = await open();
    await rig.admin('PATCH', `/api/now/table/sys_user/${user.sys_id}`, { user_password: 'another river stone' });
    assert.equal(await status(second), 401);
    const third = await open('another river stone');
    assert.equal(await status(third), 200);
    await rig.admin('PATCH', `/api/now/table/sys_user/${user.sys_id}`, { active: 'false' });
    assert.equal(await status(third), 401);
  });

  test('wrong passwords get an error and count towards the lockout', async () => {
    await rig.user('victim');
    for (let guess = 0; guess < 5; guess += 1) assert.equal((await login('nope', 'victim')).json.status, 'error');
    assert.equal((await login('river stone lamp', 'victim')).json.status, 'error');
    assert.equal((await login('x', 'nobody')).json.message, 'User name or password invalid');
  });
});
