// Tokens that must not come in, each with the reason that the refusal row names. Every one of them looks the same outside: part.ts asserts it.
import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { after, before, describe, it } from 'node:test';
import { exportSPKI, importJWK, type JWK } from 'jose';
import { fingerprint } from '../../../src/kit/fingerprint.ts';
import { type Issuer, makeSigningKey, type SigningKey, startIssuer } from '../issuer.ts';
import { openRoom, outcome, type Room, register } from '../part.ts';

const encode = (value: unknown): string =>
  Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url');

describe('a token', () => {
  let room: Room;
  let issuer: Issuer;
  let foreign: SigningKey;
  let now: number;
  before(async () => {
    room = await openRoom();
    issuer = await startIssuer({ nowMs: room.clock.now, clientId: 'app' });
    foreign = await makeSigningKey('RS256', 'key-RS256');
    now = room.clock.now() / 1000;
    await room.add('sys_user', { user_name: 'ada' });
    const { configuration } = await register(room, { metadataUrl: issuer.metadataUrl, clientId: 'app' });
    await room.add('oidc_claim_validation', {
      oidc_provider_configuration: configuration,
      claim_name: 'tenant',
      value_type: 'string',
      claim_value: 't1',
    });
    const inactive = await register(room, { metadataUrl: issuer.metadataUrl, clientId: 'asleep' });
    await room.set('oauth_oidc_entity', inactive.entity, { active: 'false' });
  });
  after(async () => {
    await room.close();
    await issuer.close();
  });

  const good = { tenant: 't1' };
  const sign = (claims: Record<string, unknown>, options?: Parameters<Issuer['token']>[1]) =>
    issuer.token({ ...good, ...claims }, options);
  const raw = (header: unknown, claims: unknown, signature = 'AAAA') => `${encode(header)}.${encode(claims)}.${signature}`;
  const claims = () => ({ iss: issuer.issuer, aud: 'app', exp: now + 600, iat: now, preferred_username: 'ada', ...good });
  const withHeader = (extra: object) => raw({ alg: 'RS256', kid: 'key-RS256', ...extra }, claims());
  const hmac = async (secret: string | Buffer) => {
    const input = `${encode({ alg: 'HS256', kid: 'key-RS256' })}.${encode(claims())}`;
    return `${input}.${createHmac('sha256', secret).update(input).digest('base64url')}`;
  };
  const publicPem = async () => exportSPKI((await importJWK(issuer.signingKeys[0]?.jwk as JWK, 'RS256')) as CryptoKey);
  const cut = async (change: (parts: string[]) => string) => change((await sign({})).split('.'));

  it('that is good comes in', async () => {
    assert.equal(outcome(await room.bearer(await sign({}))), 'in as ada');
  });

  const table: Array<[name: string, token: () => Promise<string> | string, reason: string]> = [
    ['that is no JWT at all', () => 'abcdef', 'unknown_token'],
    ['with two parts', () => cut(([h, p]) => `${h}.${p}`), 'malformed_jwt'],
    ['with four parts', () => cut((parts) => `${parts.join('.')}.x`), 'malformed_jwt'],
    ['that is encrypted', () => 'eyJhbGciOiJSU0EtT0FFUCJ9.a.b.c.d', 'malformed_jwt'],
    ['of dots', () => '..', 'malformed_jwt'],
    ['with a header that is no JSON', () => `${encode('{')}.${encode(claims())}.AAAA`, 'malformed_jwt'],
    ['with a header that is a list', () => raw([], claims()), 'malformed_jwt'],
    [
      'with a payload behind a byte order mark',
      () => `${encode({ alg: 'RS256' })}.${encode(`\ufeff${JSON.stringify(claims())}`)}.AAAA`,
      'malformed_jwt',
    ],
    ['with a payload that is null', () => raw({ alg: 'RS256' }, 'null'), 'malformed_jwt'],
    [
      'with a payload that is no UTF-8',
      () => `${encode({ alg: 'RS256' })}.${Buffer.from([0x7b, 0xff, 0x7d]).toString('base64url')}.AAAA`,
      'malformed_jwt',
    ],
    ['spelt with padding', () => cut(([h, p, s]) => `${h}=.${p}.${s}`), 'malformed_credential'],
    ['spelt in plain base64', () => cut(([h, p, s]) => `${h}.${p}.${s}+`), 'malformed_jwt'],
    [
      'with stray bits at the end of a part',
      () => cut(([h, p, s = '']) => `${h}.${p}.${s.slice(0, -1)}${s.endsWith('B') ? 'D' : 'B'}`),
      'malformed_jwt',
    ],
    ['over 16 KiB', () => sign({ filler: 'x'.repeat(16_384) }), 'malformed_jwt'],
    ['of enormous depth', () => raw({ alg: 'RS256' }, '['.repeat(6_000)), 'malformed_jwt'],
    ['without alg', () => raw({}, claims()), 'malformed_jwt'],
    ['with alg none', () => raw({ alg: 'none' }, claims(), ''), 'alg_not_allowed'],
    ['with alg None', () => raw({ alg: 'None' }, claims(), ''), 'alg_not_allowed'],
    ['with alg none and a signature', () => raw({ alg: 'none', kid: 'key-RS256' }, claims()), 'alg_not_allowed'],
    ['with HS256 under the public key', async () => hmac(await publicPem()), 'alg_not_allowed'],
    ['with HS256 under the modulus', () => hmac(Buffer.from(issuer.signingKeys[0]?.jwk.n ?? '', 'base64url')), 'alg_not_allowed'],
    ['with an algorithm nobody knows', () => withHeader({ alg: 'RS1' }), 'alg_not_allowed'],
    ['with an algorithm named like a property', () => withHeader({ alg: '__proto__' }), 'alg_not_allowed'],
    ['with another algorithm than the key is for', () => withHeader({ alg: 'PS256' }), 'kid_unknown'],
    ['with ES256 under an RSA key', () => withHeader({ alg: 'ES256' }), 'kid_unknown'],
    ['with crit', () => withHeader({ crit: ['exp'] }), 'malformed_jwt'],
    ['with an empty crit', () => withHeader({ crit: [] }), 'malformed_jwt'],
    ['with b64 false', () => withHeader({ b64: false }), 'malformed_jwt'],
    ['with a kid that is a number', () => withHeader({ kid: 7 }), 'malformed_jwt'],
    ['with a kid of a path', () => withHeader({ kid: '../../../../dev/null' }), 'kid_unknown'],
    ['made to log somebody out', () => sign({}, { header: { typ: 'logout+jwt' } }), 'malformed_jwt'],
    ['without a signature', () => cut(([h, p]) => `${h}.${p}.`), 'bad_signature'],
    ['with a foreign signature', () => cut(([h, p]) => `${h}.${p}.${'A'.repeat(342)}`), 'bad_signature'],
    ['signed by a foreign key under a known kid', () => sign({}, { key: foreign }), 'bad_signature'],
    [
      'with a changed payload',
      () => cut(([h, , s]) => `${h}.${encode({ ...claims(), preferred_username: 'admin' })}.${s}`),
      'bad_signature',
    ],
    ['that brings its own key', () => sign({}, { key: foreign, header: { jwk: foreign.jwk } }), 'bad_signature'],
    ['with an unknown kid', () => sign({}, { key: foreign, header: { kid: 'other' } }), 'kid_unknown'],
    ['without iss', () => sign({ iss: undefined }), 'malformed_jwt'],
    ['of a foreign issuer for a foreign audience', () => sign({ iss: 'https://evil.example', aud: 'x' }), 'no_entity_for_issuer'],
    ['of a foreign issuer for our audience', () => sign({ iss: 'https://evil.example' }), 'issuer_mismatch'],
    ['of our issuer with a slash too many', () => sign({ iss: `${issuer.issuer}/` }), 'issuer_mismatch'],
    ['without aud', () => sign({ aud: undefined }), 'malformed_jwt'],
    ['with an empty list as aud', () => sign({ aud: [] }), 'malformed_jwt'],
    ['with an aud of objects', () => sign({ aud: [{ app: true }] }), 'malformed_jwt'],
    ['for another audience', () => sign({ aud: 'other' }), 'audience_mismatch'],
    ['for the client id in other case', () => sign({ aud: 'APP' }), 'audience_mismatch'],
    ['for an audience named like a property', () => sign({ aud: '__proto__' }), 'audience_mismatch'],
    ['for an inactive entity', () => sign({ aud: 'asleep' }), 'entity_inactive'],
    ['for several audiences, issued to a stranger', () => sign({ aud: ['app', 'other'], azp: 'stranger' }), 'audience_mismatch'],
    ['for several audiences, issued to an object', () => sign({ aud: ['app', 'other'], azp: {} }), 'audience_mismatch'],
    ['that has expired', () => sign({ exp: now - 301 }), 'expired'],
    ['that expires at the very end of the skew', () => sign({ exp: now - 300 }), 'expired'],
    ['without exp', () => sign({ exp: undefined }), 'expired'],
    ['with exp as text', () => sign({ exp: '9999999999' }), 'malformed_jwt'],
    ['with exp null', () => sign({ exp: null }), 'malformed_jwt'],
    ['not valid yet', () => sign({ nbf: now + 301 }), 'not_yet_valid'],
    ['with nbf as text', () => sign({ nbf: 'soon' }), 'malformed_jwt'],
    ['issued in the future', () => sign({ iat: now + 301 }), 'not_yet_valid'],
    ['with another value in a validated claim', () => sign({ tenant: 't2' }), 'claim_mismatch'],
    ['without the validated claim', () => sign({ tenant: undefined }), 'claim_mismatch'],
    ['with a list where a text is demanded', () => sign({ tenant: ['t1'] }), 'claim_mismatch'],
    ['without the user claim', () => sign({ preferred_username: undefined }), 'user_claim_missing'],
    ['with an empty user claim', () => sign({ preferred_username: '' }), 'user_claim_missing'],
    ['with a blank user claim', () => sign({ preferred_username: '  ' }), 'user_claim_missing'],
    ['with a user claim that is a list', () => sign({ preferred_username: ['ada'] }), 'user_claim_missing'],
    ['whose user claim is the guest', () => sign({ preferred_username: 'guest' }), 'user_inactive'],
    ['of an unknown user', () => sign({ preferred_username: 'nobody' }), 'user_not_found'],
    ['whose user claim is query text', () => sign({ preferred_username: 'x^ORuser_name=ada' }), 'user_not_found'],
    ['whose user claim is SQL', () => sign({ preferred_username: "ada' OR '1'='1" }), 'user_not_found'],
    ['whose user claim hides a NUL', () => sign({ preferred_username: 'ad\0a' }), 'user_not_found'],
    ['whose user claim has a space too many', () => sign({ preferred_username: 'ada ' }), 'user_not_found'],
    ['whose user claim looks like ada', () => sign({ preferred_username: '\u0430da' }), 'user_not_found'],
    ['whose user claim is very long', () => sign({ preferred_username: 'ada'.repeat(2_000) }), 'user_not_found'],
  ];
  for (const [name, token, reason] of table) {
    it(`${name}: ${reason}`, async () => {
      const text = await token();
      assert.equal(outcome(await room.bearer(text)), reason);
      // A garbled header is not taken apart: there is no token to take a fingerprint of.
      const named = reason === 'malformed_credential' ? '' : fingerprint(text);
      const row = (await room.refusals()).find((one) => one.token_fingerprint === named);
      assert.equal(row?.reason, reason);
    });
  }

  it('never stands in the log or in a refusal row', async () => {
    const text = await sign({ tenant: 't9' });
    await room.bearer(text);
    const everything = [...room.lines, ...(await room.refusals()).map((row) => JSON.stringify(row))].join('\n');
    assert.ok(everything.includes('claim_mismatch'));
    for (const part of text.split('.')) assert.equal(everything.includes(part), false);
  });

  it('that lists audiences is good when one of them is ours', async () => {
    assert.equal(outcome(await room.bearer(await sign({ aud: ['other', 'app'] }))), 'in as ada');
    assert.equal(outcome(await room.bearer(await sign({ aud: ['other', 'app'], azp: 'app' }))), 'in as ada');
    assert.equal(outcome(await room.bearer(await sign({ aud: 'app', azp: 'whoever' }))), 'in as ada');
  });

  it('may be off by the skew, both ways', async () => {
    for (const times of [{ exp: now - 299 }, { nbf: now + 300 }, { iat: now + 300 }]) {
      assert.equal(outcome(await room.bearer(await sign(times))), 'in as ada', JSON.stringify(times));
    }
  });

  it('finds its user in any case of the letters', async () => {
    assert.equal(outcome(await room.bearer(await sign({ preferred_username: 'ADA' }))), 'in as ada');
  });
});
