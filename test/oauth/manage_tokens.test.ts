// Manage Tokens and secret rotation over HTTP: everyone his own, administrators all, nobody a token.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { forEachEngine } from '../parts/engines.ts';
import { openRig, type Rig } from './part.ts';

forEachEngine((engine) => {
  let rig: Rig;
  let ada: Record<string, string>;
  let bob: Record<string, string>;
  let client: { sysId: string; id: string; secret: string };
  before(async () => {
    rig = await openRig(engine);
    [ada, bob] = [await rig.user('ada'), await rig.user('bob')];
    client = await rig.client();
  });
  after(() => rig.close());

  const tokenOf = async (username: string, secret = client.secret) =>
    (
      await rig.token({
        grant_type: 'password',
        client_id: client.id,
        client_secret: secret,
        username,
        password: 'river stone lamp',
      })
    ).json;
  const as = (token: string) => ({ authorization: `Bearer ${token}`, 'content-type': 'application/json' });
  const list = async (token: string, query = '') =>
    (await rig.send('GET', `/api/causeway/oauth/tokens${query}`, { headers: as(token) })).json.result;
  const revoke = (token: string, body: unknown) =>
    rig.send('POST', '/api/causeway/oauth/tokens/revoke', { headers: as(token), body: JSON.stringify(body) });

  test('a person sees and ends his own tokens only', async () => {
    const [mine, theirs] = [await tokenOf('ada'), await tokenOf('bob')];
    const seen = await list(mine.access_token, `?user=${bob.sys_id}`);
    assert.ok(seen.length === 2 && seen.every((row: { user: string }) => row.user === ada.sys_id));
    assert.doesNotMatch(JSON.stringify(seen), new RegExp(mine.access_token));
    const path = '/api/causeway/oauth/tokens?sysparm_limit=1&sysparm_offset=';
    const pages = [await rig.send('GET', `${path}0`, { headers: as(mine.access_token) })];
    const next = /<([^>]+)>;rel="next"/.exec(pages[0]?.headers.get('link') ?? '')?.[1];
    assert.equal(next, `${rig.url}${path}1`);
    pages.push(await rig.send('GET', `${path}1`, { headers: as(mine.access_token) }));
    assert.deepEqual(
      pages.flatMap(({ json }) => json.result),
      seen,
    );
    assert.equal((await revoke(mine.access_token, { user: bob.sys_id })).status, 403);
    const [foreign] = (await list(theirs.access_token)).map((row: { sys_id: string }) => row.sys_id);
    assert.equal((await revoke(mine.access_token, { token: foreign })).status, 404);
    assert.equal((await revoke(mine.access_token, {})).status, 400);
    assert.equal((await revoke(mine.access_token, { user: '__proto__' })).status, 400);
    const ended = await revoke(mine.access_token, { user: ada.sys_id });
    assert.deepEqual([ended.status, ended.json], [200, { result: { revoked: 2 } }]);
    assert.equal((await rig.send('GET', '/api/now/table/incident', { headers: as(mine.access_token) })).status, 401);
    assert.equal((await rig.send('GET', '/api/now/table/incident', { headers: as(theirs.access_token) })).status, 200);
  });

  test('an administrator ends all of a client', async () => {
    const [first, second] = [await tokenOf('ada'), await tokenOf('bob')];
    const reply = await rig.admin('POST', '/api/causeway/oauth/tokens/revoke', { client: client.sysId });
    assert.equal(reply.json.result.revoked, 4);
    for (const { access_token } of [first, second]) {
      assert.equal((await rig.send('GET', '/api/now/table/incident', { headers: as(access_token) })).status, 401);
    }
    await rig.refusals('token_revoked');
  });

  test('a new secret is shown once, and the old one is still taken for a while', async () => {
    const reply = await rig.admin('POST', `/api/causeway/oauth/clients/${client.sysId}/secret`, {});
    assert.equal(reply.status, 200, reply.text);
    const secret = reply.json.result.client_secret;
    assert.match(secret, /^[0-9a-f]{32}$/);
    assert.ok((await tokenOf('ada', secret)).access_token);
    const mine = await tokenOf('ada');
    assert.ok(mine.access_token);
    const refused = await rig.send('POST', `/api/causeway/oauth/clients/${client.sysId}/secret`, {
      headers: as(mine.access_token),
      body: '{}',
    });
    assert.equal(refused.status, 403);
  });

  test('a secret that has leaked ends at once, and so does every one before it', async () => {
    const path = `/api/causeway/oauth/clients/${client.sysId}/secret`;
    const secrets: string[] = [];
    for (const query of ['', '', '?end_former=true'])
      secrets.push((await rig.admin('POST', `${path}${query}`)).json.result.client_secret);
    const [first, leaked, last] = secrets;
    for (const ended of [client.secret, first, leaked]) assert.equal((await tokenOf('ada', ended)).error, 'invalid_client');
    assert.ok((await tokenOf('ada', last)).access_token);
    const [row] = await rig.instance.records.findBy('oauth_entity', { sys_id: client.sysId });
    assert.deepEqual([row?.former_secret_until, row?.former_secret_used], ['', '']);
  });
});
