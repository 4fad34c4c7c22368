// When the last login of a caller is written down: by which ways in, how often, and what turns it off.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { forEachEngine } from '../parts/engines.ts';
import { openRig, type Rig } from './part.ts';

forEachEngine((engine) => {
  let rig: Rig;
  let client: { sysId: string; id: string; secret: string };
  before(async () => {
    rig = await openRig(engine);
    client = await rig.client();
  });
  after(() => rig.close());

  const stampOf = async (userName: string) => {
    const [row] = await rig.instance.records.findBy('sys_user', { user_name: userName });
    return [row?.last_login_time ?? '', row?.last_login ?? ''];
  };
  const call = async (authorization: string) => {
    const reply = await rig.send('GET', '/api/now/table/incident?sysparm_limit=1', { headers: { authorization } });
    assert.equal(reply.status, 200, reply.text);
  };
  const basic = (userName: string) => `Basic ${Buffer.from(`${userName}:river stone lamp`).toString('base64')}`;
  const bearer = async (username: string) => {
    const grant = { grant_type: 'password', username, password: 'river stone lamp' };
    const reply = await rig.token({ ...grant, client_id: client.id, client_secret: client.secret });
    return `Bearer ${reply.json.access_token}`;
  };

  test('the first call is written down, the calls of the next minute are not, and the one after is', async () => {
    await rig.user('lin');
    await call(basic('lin'));
    const first = await stampOf('lin');
    assert.deepEqual(first, ['2026-11-01 08:00:00', '2026-11-01']);
    rig.clock.advance(59_000);
    await call(basic('lin'));
    assert.deepEqual(await stampOf('lin'), first);
    rig.clock.advance(1_000);
    await call(basic('lin'));
    assert.deepEqual(await stampOf('lin'), ['2026-11-01 08:01:00', '2026-11-01']);
  });

  test('each way in has its switch', async () => {
    await rig.user('mia');
    const authorization = await bearer('mia');
    await rig.setProperty('glide.basicauth.update_last_login_time', 'false');
    await call(basic('mia'));
    assert.deepEqual(await stampOf('mia'), ['', '']);
    await call(authorization);
    assert.notDeepEqual(await stampOf('mia'), ['', '']);
    await rig.setProperty('glide.basicauth.update_last_login_time', 'true');

    await rig.user('ned');
    await rig.setProperty('glide.oauth.update_last_login_time', 'false');
    await call(await bearer('ned'));
    assert.deepEqual(await stampOf('ned'), ['', '']);
    await rig.setProperty('glide.oauth.update_last_login_time', 'true');
  });

  test('a credential that is refused leaves no mark', async () => {
    await rig.user('oda', { active: 'false' });
    const reply = await rig.send('GET', '/api/now/table/incident', { headers: { authorization: basic('oda') } });
    assert.equal(reply.status, 401);
    assert.deepEqual(await stampOf('oda'), ['', '']);
  });
});
