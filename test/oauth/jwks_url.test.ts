// The JWT bearer grant with keys at an address: when they are fetched, when they are fetched again, and what holds when they cannot be.
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, test } from 'node:test';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import { forEachEngine } from '../parts/engines.ts';
import { openRig, type Rig } from './part.ts';

const grantType = 'urn:ietf:params:oauth:grant-type:jwt-bearer';
const makeKey = async (kid: string) => {
  const { publicKey, privateKey } = await generateKeyPair('ES256', { extractable: true });
  return { kid, privateKey, jwk: { ...(await exportJWK(publicKey)), kid, alg: 'ES256', use: 'sig' } };
};
type Key = Awaited<ReturnType<typeof makeKey>>;

/** Serves what `keys` holds at the moment; 503 while it holds nothing. */
const serveKeys = async () => {
  const state: { keys: Key[]; fetches: number } = { keys: [], fetches: 0 };
  const server = createServer((_request, response) => {
    state.fetches += 1;
    response.writeHead(state.keys.length > 0 ? 200 : 503, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ keys: state.keys.map(({ jwk }) => jwk) }));
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const close = () => {
    server.closeAllConnections();
    return new Promise((closed) => server.close(closed));
  };
  return { state, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/keys`, close };
};

forEachEngine((engine) => {
  let rig: Rig;
  let served: Awaited<ReturnType<typeof serveKeys>>;
  let client: { id: string; secret: string };
  let first: Key;
  let second: Key;
  before(async () => {
    [first, second] = [await makeKey('one'), await makeKey('two')];
    served = await serveKeys();
    rig = await openRig(engine);
    await rig.user('ada', { email: 'ada@example.com' });
    const row = await rig.insert('oauth_jwt', { name: 'Jobs', user_field: 'email', jwks_url: served.url });
    client = { id: row.client_id ?? '', secret: row.client_secret ?? '' };
  });
  after(async () => {
    await rig.close();
    await served.close();
  });

  let count = 0;
  const ask = async (key: Key): Promise<number> => {
    count += 1;
    const now = Math.floor(rig.clock.now() / 1000);
    const claims = { iss: client.id, aud: client.id, sub: 'ada@example.com', exp: now + 300, jti: `jti ${count}` };
    const assertion = await new SignJWT(claims).setProtectedHeader({ alg: 'ES256', kid: key.kid }).sign(key.privateKey);
    return (await rig.token({ grant_type: grantType, assertion, client_id: client.id, client_secret: client.secret })).status;
  };

  test('keys that cannot be fetched open nothing, and the refusal says so', async () => {
    assert.equal(await ask(first), 401);
    const rows = await rig.refusals('metadata_unreachable');
    assert.ok(
      rows.every((row) => !row.detail?.includes('eyJ')),
      'no assertion is written down',
    );
  });

  test('a key of the address opens, and is fetched once', async () => {
    served.state.keys = [first];
    const before = served.state.fetches;
    assert.deepEqual([await ask(first), await ask(first)], [200, 200]);
    assert.equal(served.state.fetches, before + 1);
  });

  test('an unknown kid has the keys fetched again, once a minute at the most', async () => {
    served.state.keys = [second];
    const before = served.state.fetches;
    assert.equal(await ask(second), 401, 'too early to ask again');
    assert.equal(served.state.fetches, before);
    rig.clock.advance(61_000);
    assert.equal(await ask(second), 200);
    assert.equal(await ask(first), 401, 'a key that was taken out of the set');
    assert.equal(served.state.fetches, before + 1);
  });

  test('while the address is down, the keys that were fetched last still hold', async () => {
    served.state.keys = [];
    rig.clock.advance(721 * 60_000);
    const before = served.state.fetches;
    assert.equal(await ask(second), 200);
    assert.ok(served.state.fetches > before, 'it was tried');
  });

  test('a key of the same kid that is not in the set signs nothing', async () => {
    assert.equal(await ask({ ...second, privateKey: first.privateKey }), 401);
    await rig.refusals('bad_signature');
  });
});
