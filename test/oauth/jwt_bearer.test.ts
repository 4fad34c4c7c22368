// The JWT bearer grant over HTTP: assertions signed with certificates and shared keys, and what is wrong with the others.
import assert from 'node:assert/strict';
import { createHmac, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { after, before, test } from 'node:test';
import { type JWTPayload, SignJWT } from 'jose';
import { forEachEngine } from '../parts/engines.ts';
import { openRig, type Rig } from './part.ts';

const grantType = 'urn:ietf:params:oauth:grant-type:jwt-bearer';

forEachEngine((engine) => {
  let rig: Rig;
  let client: { sysId: string; id: string; secret: string };
  const pair = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const stranger = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const pem = pair.publicKey.export({ type: 'spki', format: 'pem' }) as string;

  before(async () => {
    rig = await openRig(engine);
    await rig.user('ada', { email: 'ada@example.com' });
    const row = await rig.insert('oauth_jwt', { name: 'Jobs', user_field: 'email' });
    client = { sysId: row.sys_id ?? '', id: row.client_id ?? '', secret: row.client_secret ?? '' };
    const certificate = await rig.insert('sys_certificate', { name: 'Jobs', pem_certificate: pem });
    await rig.insert('jwt_verifier_map', {
      name: 'k1',
      oauth_jwt: client.sysId,
      kid: 'k1',
      sys_certificate: certificate.sys_id ?? '',
    });
    await rig.insert('jwt_verifier_map', {
      name: 'h1',
      oauth_jwt: client.sysId,
      kid: 'h1',
      shared_key: 'a shared key of at least 32 bytes!',
    });
  });
  after(() => rig.close());

  let count = 0;
  const claims = (more: JWTPayload = {}): JWTPayload => {
    count += 1;
    const now = Math.floor(rig.clock.now() / 1000);
    return { iss: client.id, aud: client.id, sub: 'ada@example.com', iat: now, exp: now + 300, jti: `jti ${count}`, ...more };
  };
  const sign = (payload: JWTPayload, header: Record<string, unknown> = {}, key: KeyObject | Uint8Array = pair.privateKey) =>
    new SignJWT(payload).setProtectedHeader({ alg: 'RS256', kid: 'k1', ...header }).sign(key);
  const ask = (assertion: string, more: Record<string, string> = {}) =>
    rig.token({ grant_type: grantType, assertion, client_id: client.id, client_secret: client.secret, ...more });

  test('a signed assertion gives a token of its subject, without a refresh token, once', async () => {
    const assertion = await sign(claims());
    const given = await ask(assertion);
    assert.equal(given.status, 200, given.text);
    assert.equal(given.json.refresh_token, undefined);
    const call = await rig.send('GET', '/api/now/table/incident', {
      headers: { authorization: `Bearer ${given.json.access_token}` },
    });
    assert.equal(call.status, 200);
    assert.equal((await ask(assertion)).status, 401);
    await rig.refusals('jti_replayed');
  });

  test('the token endpoint may stand as audience, and a shared key may sign', async () => {
    assert.equal((await ask(await sign(claims({ aud: `${rig.url}/oauth_token.do` })))).status, 200);
    const key = new TextEncoder().encode('a shared key of at least 32 bytes!');
    assert.equal((await ask(await sign(claims(), { alg: 'HS256', kid: 'h1' }, key))).status, 200);
  });

  test('a public JWT endpoint is found by the assertion alone', async () => {
    await rig.admin('PATCH', `/api/now/table/oauth_jwt/${client.sysId}`, { public_client: 'true' });
    const given = await rig.token({ grant_type: grantType, assertion: await sign(claims()) });
    assert.equal(given.status, 200, given.text);
    await rig.admin('PATCH', `/api/now/table/oauth_jwt/${client.sysId}`, { public_client: 'false' });
  });

  test('an admin gets none', async () => {
    const reply = await ask(await sign(claims({ sub: 'admin@example.com' })));
    assert.deepEqual([reply.status, reply.json.error_description], [401, 'Grant access to admin is not allowed']);
  });

  const now = () => Math.floor(rig.clock.now() / 1000);
  const wrong: [name: string, reason: string, make: () => Promise<string> | string][] = [
    ['another signer', 'bad_signature', () => sign(claims(), {}, stranger.privateKey)],
    ['the public key used as a shared one', 'bad_signature', () => confused()],
    ['no signature', 'alg_not_allowed', () => unsigned()],
    ['an unknown kid', 'bad_signature', () => sign(claims(), { kid: 'k9' })],
    ['another issuer', 'issuer_mismatch', () => sign(claims({ iss: 'someone' }))],
    ['another audience', 'audience_mismatch', () => sign(claims({ aud: 'someone' }))],
    ['an expiry beyond the skew', 'expired', () => sign(claims({ exp: now() - 301 }))],
    ['no expiry', 'expired', () => sign(claims({ exp: undefined }))],
    ['a start in the future', 'not_yet_valid', () => sign(claims({ nbf: now() + 400 }))],
    ['no id', 'jti_missing', () => sign(claims({ jti: undefined }))],
    ['no subject', 'user_claim_missing', () => sign(claims({ sub: undefined }))],
    ['an unknown subject', 'user_not_found', () => sign(claims({ sub: 'nobody@example.com' }))],
    ['bytes signed otherwise than they read', 'malformed_jwt', () => sign(claims(), { b64: true })],
    ['half a token', 'malformed_jwt', () => 'eyJhbGciOiJSUzI1NiJ9.e30'],
  ];
  const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const unsigned = () => `${part({ alg: 'none' })}.${part(claims())}.`;
  const confused = () => {
    const input = `${part({ alg: 'HS256', kid: 'k1' })}.${part(claims())}`;
    return `${input}.${createHmac('sha256', pem).update(input).digest('base64url')}`;
  };
  for (const [name, reason, make] of wrong) {
    test(`${name} is refused`, async () => {
      const reply = await ask(await make());
      assert.deepEqual([reply.status, reply.text], [401, '{"error_description":"access_denied","error":"server_error"}']);
      await rig.refusals(reason);
    });
  }

  const configured: [type: string, value: string, fitting: unknown, others: unknown[]][] = [
    ['string', 'prod', 'prod', ['test', undefined, ['prod']]],
    ['number', '7', 7, ['7', 8, undefined]],
    ['number', '', Number.NaN, [0, '']],
    ['boolean', 'True', true, [false, 'true', undefined]],
    ['list_contains', 'prod', ['test', 'prod'], ['prod', ['PROD'], undefined]],
  ];
  for (const [type, value, fitting, others] of configured) {
    test(`a configured claim must be ${type} "${value}"`, async () => {
      const rule = { oauth_jwt: client.sysId, claim_name: 'env', value_type: type, claim_value: value };
      const row = await rig.insert('oauth_jwt_claims', rule);
      for (const other of others) assert.equal((await ask(await sign(claims({ env: other })))).status, 401, String(other));
      if (!Number.isNaN(fitting)) assert.equal((await ask(await sign(claims({ env: fitting })))).status, 200);
      await rig.admin('DELETE', `/api/now/table/oauth_jwt_claims/${row.sys_id}`);
      await rig.refusals('claim_mismatch');
    });
  }

  test('of many requests with one assertion, one wins', async () => {
    const assertion = await sign(claims());
    const replies = await Promise.all([1, 2, 3, 4, 5].map(() => ask(assertion)));
    assert.equal(replies.filter((reply) => reply.status === 200).length, 1);
  });
});
