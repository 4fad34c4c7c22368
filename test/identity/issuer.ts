// An identity provider of our own making: metadata, keys and tokens as a test wants them, and a count of who asked. Real HTTP on loopback.
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, type JWK, type JWTHeaderParameters, SignJWT } from 'jose';

export interface SigningKey {
  jwk: JWK;
  privateKey: CryptoKey;
  algorithm: string;
}

const curves = new Map([
  ['EdDSA', { crv: 'Ed25519' }],
  ['Ed25519', { crv: 'Ed25519' }],
]);

export const makeSigningKey = async (
  algorithm: string,
  keyId: string | undefined = `key-${algorithm}`,
  modulusLength = 2048,
): Promise<SigningKey> => {
  const { publicKey, privateKey } = await generateKeyPair(algorithm, {
    extractable: true,
    modulusLength,
    ...curves.get(algorithm),
  });
  const jwk = { ...(await exportJWK(publicKey)), alg: algorithm, use: 'sig', ...(keyId === undefined ? {} : { kid: keyId }) };
  return { jwk, privateKey, algorithm };
};

export interface Issuer {
  /** Where it listens. */
  origin: string;
  metadataUrl: string;
  /** What the metadata states; the origin unless a test changes it. */
  issuer: string;
  keys: unknown[];
  hits: { metadata: number; keys: number };
  /** Takes the place of an answer. */
  answer: ((path: string, response: ServerResponse) => boolean) | undefined;
  /** Signs with the given key, or the first; `claims` of undefined are left out. */
  token(
    claims: Readonly<Record<string, unknown>>,
    options?: { key?: SigningKey; header?: Partial<JWTHeaderParameters> },
  ): Promise<string>;
  signingKeys: SigningKey[];
  close(): Promise<void>;
}

export const startIssuer = async (parts: { nowMs: () => number; clientId: string; keys?: SigningKey[] }): Promise<Issuer> => {
  const signingKeys = parts.keys ?? [await makeSigningKey('RS256')];
  const server = createServer((request, response) => {
    const path = request.url ?? '';
    if (path.startsWith('/.well-known')) issuer.hits.metadata += 1;
    if (path.startsWith('/keys')) issuer.hits.keys += 1;
    if (issuer.answer?.(path, response)) return;
    const document = path.startsWith('/keys')
      ? { keys: issuer.keys }
      : { issuer: issuer.issuer, jwks_uri: `${issuer.origin}/keys`, id_token_signing_alg_values_supported: ['HS256', 'none'] };
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify(document));
  });
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const issuer: Issuer = {
    origin,
    metadataUrl: `${origin}/.well-known/openid-configuration`,
    issuer: origin,
    keys: signingKeys.map((key) => key.jwk),
    hits: { metadata: 0, keys: 0 },
    answer: undefined,
    signingKeys,
    async token(claims, options = {}) {
      const key = options.key ?? issuer.signingKeys[0];
      if (!key) throw new Error('the issuer has no key');
      const now = Math.floor(parts.nowMs() / 1000);
      const all = {
        iss: issuer.issuer,
        aud: parts.clientId,
        sub: 'u1',
        preferred_username: 'ada',
        iat: now,
        exp: now + 600,
        ...claims,
      };
      const present = Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined));
      const header = { alg: key.algorithm, ...(key.jwk.kid === undefined ? {} : { kid: key.jwk.kid }), ...options.header };
      return new SignJWT(present).setProtectedHeader(header).sign(key.privateKey);
    },
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
  return issuer;
};
