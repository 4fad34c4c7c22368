// Two processes on one database: what one ends, the other refuses at once; what one issues, the other gives again.
import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { readSettings } from '../../src/config.ts';
import { type Instance, startInstance } from '../../src/instance.ts';
import { forEachEngine } from '../parts/engines.ts';
import { untilTrue } from '../parts/until_true.ts';
import { openRig, type Rig } from './part.ts';

forEachEngine((engine) => {
  let rig: Rig;
  let second: Instance;
  let third: Instance;
  let folder: string;
  before(async () => {
    rig = await openRig(engine);
    await rig.user('ada');
    folder = await mkdtemp(join(tmpdir(), 'causeway-second-'));
    const start = (data: string, key: string) =>
      startInstance({
        settings: readSettings({ port: '0', data: join(folder, data), database: rig.location, instanceKey: key }, {}),
        clock: rig.clock,
        random: Math.random,
      });
    second = await start('second', rig.instanceKey);
    third = await start('third', 'ab'.repeat(32));
  });
  after(async () => {
    await second.stop();
    await third.stop();
    await rm(folder, { recursive: true, force: true });
    await rig.close();
  });

  const ask = async (instance: Instance, token: string): Promise<number> =>
    (await fetch(`${instance.localUrl}/api/now/table/incident`, { headers: { authorization: `Bearer ${token}` } })).status;
  const form = (client: { id: string; secret: string }) => ({
    grant_type: 'password',
    client_id: client.id,
    client_secret: client.secret,
    username: 'ada',
    password: 'river stone lamp',
  });
  const tokenAt = async (instance: Instance, body: Record<string, string>) =>
    (await (
      await fetch(`${instance.localUrl}/oauth_token.do`, { method: 'POST', body: new URLSearchParams(body) })
    ).json()) as Record<string, string>;

  test('a token of one process opens the other, is given again there, and a revocation is seen there', async () => {
    const client = await rig.client();
    const given = (await rig.token(form(client))).json;
    assert.equal(await ask(second, given.access_token), 200);
    assert.equal((await tokenAt(second, form(client))).access_token, given.access_token);
    await rig.send('GET', `/oauth_revoke_token.do?token=${given.access_token}`);
    await untilTrue(async () => (await ask(second, given.access_token)) === 401);
  });

  test('racing requests at two processes get one token', async () => {
    const client = await rig.client();
    const replies = await Promise.all(
      [1, 2, 3].flatMap(() => [rig.token(form(client)).then((reply) => reply.json), tokenAt(second, form(client))]),
    );
    assert.equal(new Set(replies.map((reply) => reply.access_token)).size, 1, JSON.stringify(replies));
  });

  test('under another instance key tokens still work, and a secret that cannot be opened is no key to anything', async () => {
    const client = await rig.client();
    const given = (await rig.token(form(client))).json;
    assert.equal(await ask(third, given.access_token), 200);
    const refused = await tokenAt(third, form(client));
    assert.equal(refused.access_token, undefined);
  });
});
