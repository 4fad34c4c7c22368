// Two processes on one database: what one ends, the other refuses at once; what one issues, the other gives again.
import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { decodeProtectedHeader } from 'jose';
import { readSettings } from '../../src/config.ts';
import { type Instance, startInstance } from '../../src/instance.ts';
import type { Row } from '../../src/records/records.ts';
import { forEachEngine } from '../parts/engines.ts';
import { basic } from '../parts/running_instance.ts';
import { untilTrue } from '../parts/until_true.ts';
import { adminPassword, openRig, type Rig } from './part.ts';

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
    const refused = await fetch(`${third.localUrl}/oauth_token.do`, { method: 'POST', body: new URLSearchParams(form(client)) });
    assert.deepEqual(
      [refused.status, await refused.json()],
      [503, { error: 'temporarily_unavailable', error_description: 'The instance cannot answer just now' }],
    );
    let row: Row | undefined;
    await untilTrue(async () => {
      rig.clock.advance(300);
      [row] = await rig.instance.records.findBy('causeway_refusal', { reason: 'unavailable' });
      return row !== undefined;
    });
    assert.deepEqual([row?.leg, row?.entity], ['token:verifySecret', client.sysId]);
    assert.match(row?.detail ?? '', /kit\.seal_foreign/);
  });

  test('tokens signed at one process are good and known at the other, whoever replaces the key', async () => {
    const client = await rig.client({ token_format: 'jwt', access_token_lifespan: '86400' });
    const kidsAt = async (instance: Instance): Promise<string[]> => {
      const { keys } = (await (await fetch(`${instance.localUrl}/api/now/oauth/jwks`)).json()) as { keys: { kid: string }[] };
      return keys.map(({ kid }) => kid);
    };
    const kidOf = (token: string): string => String(decodeProtectedHeader(token).kid);
    const isKnown = async (token: string): Promise<void> => {
      for (const instance of [rig.instance, second]) {
        assert.equal(await ask(instance, token), 200);
        assert.ok((await kidsAt(instance)).includes(kidOf(token)));
      }
    };
    const first = (await rig.token(form(client))).json.access_token;
    await isKnown(first);
    await rig.setProperty('causeway.oauth.signing_key_days', '0');
    let later = first;
    await untilTrue(async () => {
      rig.clock.advance(1_000);
      await second.purge();
      later = (await rig.token(form(client))).json.access_token;
      return kidOf(later) !== kidOf(first);
    });
    await rig.setProperty('causeway.oauth.signing_key_days', '90');
    for (const token of [first, later]) await isKnown(token);
    await rig.send('GET', `/oauth_revoke_token.do?token=${later}`);
    await untilTrue(async () => {
      rig.clock.advance(1_000);
      return (await ask(second, later)) === 401;
    });
    assert.equal(await ask(second, first), 200);
  });

  test('when the instance key is lost, a secret that is entered again works, and a signing key is made again', async () => {
    const client = await rig.client({ token_format: 'jwt' });
    const before = (await rig.token(form(client))).json.access_token;
    const renewed = { ...client, secret: 'entered again after the loss' };
    const changed = await fetch(`${third.localUrl}/api/now/table/oauth_entity/${client.sysId}`, {
      method: 'PATCH',
      headers: { authorization: basic('admin', adminPassword), 'content-type': 'application/json' },
      body: JSON.stringify({ client_secret: renewed.secret }),
    });
    assert.equal(changed.status, 200);
    const { access_token: token = '' } = await tokenAt(third, form(renewed));
    assert.notEqual(decodeProtectedHeader(token).kid, decodeProtectedHeader(before).kid);
    for (const each of [before, token]) assert.equal(await ask(third, each), 200);
  });
});
