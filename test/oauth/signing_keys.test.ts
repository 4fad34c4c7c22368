// Keys of JWT-format tokens over their life: one signs, old ones stay published until nothing they signed can be alive.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { decodeProtectedHeader } from 'jose';
import { forEachEngine } from '../parts/engines.ts';
import { openRig, type Rig } from './part.ts';

const day = 86_400_000;

forEachEngine((engine) => {
  let rig: Rig;
  before(async () => {
    rig = await openRig(engine);
    await rig.user('ada');
  });
  after(() => rig.close());

  test('a key is replaced at its age, its tokens stay good, and it goes from the set 105 days later', async () => {
    const client = await rig.client({ token_format: 'jwt', access_token_lifespan: '7776000' });
    const form = {
      grant_type: 'password',
      client_id: client.id,
      client_secret: client.secret,
      username: 'ada',
      password: 'river stone lamp',
    };
    const kidOf = (token: string) => decodeProtectedHeader(token).kid;
    const published = async () => (await rig.send('GET', '/api/now/oauth/jwks')).json.keys.map((key: { kid: string }) => key.kid);
    const first = (await rig.token(form)).json.access_token;
    assert.deepEqual(await published(), [kidOf(first)]);
    rig.clock.advance(89 * day);
    await rig.instance.purge();
    assert.equal((await published()).length, 1);
    const second = (await rig.token(form)).json.access_token;
    rig.clock.advance(2 * day);
    await rig.instance.purge();
    const third = (await rig.token(form)).json.access_token;
    assert.notEqual(kidOf(third), kidOf(first));
    assert.deepEqual(new Set(await published()), new Set([kidOf(first), kidOf(third)]));
    assert.equal(
      (await rig.send('GET', '/api/now/table/incident', { headers: { authorization: `Bearer ${second}` } })).status,
      200,
    );
    rig.clock.advance(106 * day);
    await rig.instance.purge();
    assert.ok(!(await published()).includes(kidOf(first)));
    const rows = await rig.instance.records.find('jwt_keystore_aliases', '');
    assert.ok(rows.every((row) => row.private_key?.startsWith('$sealed$')));
    const shown = await rig.admin('GET', '/api/now/table/jwt_keystore_aliases');
    assert.doesNotMatch(shown.text, /\$sealed\$/);
  });

  test('requests at once before there is a key end up with one', async () => {
    for (const row of await rig.instance.records.find('jwt_keystore_aliases', '')) {
      await rig.admin('DELETE', `/api/now/table/jwt_keystore_aliases/${row.sys_id}`);
    }
    const client = await rig.client({ token_format: 'jwt' });
    const form = {
      grant_type: 'password',
      client_id: client.id,
      client_secret: client.secret,
      username: 'ada',
      password: 'river stone lamp',
    };
    const replies = await Promise.all([1, 2, 3].map(() => rig.token(form)));
    assert.equal(new Set(replies.map((reply) => decodeProtectedHeader(reply.json.access_token).kid)).size, 1);
  });
});
