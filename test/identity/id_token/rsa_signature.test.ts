// What an RSA signature proves, and under which of its algorithms alone.
import assert from 'node:assert/strict';
import { constants, generateKeyPairSync, sign } from 'node:crypto';
import { test } from 'node:test';
import { rsaVerifier } from '../../../src/identity/id_token/rsa_signature.ts';

const { privateKey: key, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const jwk = publicKey.export({ format: 'jwk' });
const signed = 'eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJhZGEifQ';
const pss = { key, padding: constants.RSA_PKCS1_PSS_PADDING };
const tokenOf = (signature: Buffer): string => `${signed}.${signature.toString('base64url')}`;
const byHash = (hash: string): string => tokenOf(sign(hash, Buffer.from(signed), key));
const byPss = (hash: string, saltLength: number): string => tokenOf(sign(hash, Buffer.from(signed), { ...pss, saltLength }));

const tokens: Record<string, string> = {
  RS256: byHash('sha256'),
  RS384: byHash('sha384'),
  RS512: byHash('sha512'),
  PS256: byPss('sha256', 32),
  PS384: byPss('sha384', 48),
  PS512: byPss('sha512', 64),
};

test('a signature holds under the algorithm it was made by, and under no other', () => {
  for (const algorithm of Object.keys(tokens)) {
    const verifies = rsaVerifier(jwk, algorithm);
    const held = Object.keys(tokens).filter((made) => verifies?.(tokens[made] ?? ''));
    assert.deepEqual(held, [algorithm]);
  }
});

for (const [what, token] of [
  ['a salt that is shorter than the digest', byPss('sha256', 20)],
  ['a salt that is longer than the digest', byPss('sha256', 64)],
  ['another text', (tokens.PS256 ?? '').replace('eyJzdWIi', 'eyJzdWIh')],
  ['no signature', `${signed}.`],
  ['half a signature', tokenOf(Buffer.alloc(128))],
  ['too long a signature', tokenOf(Buffer.alloc(512, 1))],
] as const)
  test(`${what} proves nothing`, () => assert.equal(rsaVerifier(jwk, 'PS256')?.(token), false));

test('other algorithms are not its own', () => {
  for (const algorithm of ['ES256', 'EdDSA', 'HS256', 'none', '', 'RSA1_5']) assert.equal(rsaVerifier(jwk, algorithm), undefined);
});
