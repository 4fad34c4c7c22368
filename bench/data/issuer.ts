// An identity provider for the bench: metadata and keys over HTTP, and RS256 tokens as many as are wanted, each one different.
import { generateKeyPairSync, randomUUID, sign } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { promisify } from 'node:util';

export interface Issuer {
  readonly metadataUrl: string;
  /** Tokens of `userName` for `audience`, valid for an hour. */
  tokens(count: number, subject: { userName: string; audience: string }): Promise<string[]>;
  stop(): Promise<void>;
}

const signLater = promisify(sign);
const text = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');

export const startIssuer = async (): Promise<Issuer> => {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const jwk = { ...publicKey.export({ format: 'jwk' }), kid: 'bench', alg: 'RS256', use: 'sig' };
  let origin = '';
  const server = createServer((request, response) => {
    const keys = request.url === '/keys';
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify(keys ? { keys: [jwk] } : { issuer: origin, jwks_uri: `${origin}/keys` }));
  });
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const header = text({ alg: 'RS256', typ: 'JWT', kid: 'bench' });
  const one = async ({ userName, audience }: { userName: string; audience: string }): Promise<string> => {
    const iat = Math.floor(Date.now() / 1000);
    const claims = {
      iss: origin,
      aud: audience,
      sub: userName,
      preferred_username: userName,
      iat,
      exp: iat + 3600,
      jti: randomUUID(),
    };
    const signed = `${header}.${text(claims)}`;
    return `${signed}.${(await signLater('sha256', Buffer.from(signed), privateKey)).toString('base64url')}`;
  };
  return {
    metadataUrl: `${origin}/.well-known/openid-configuration`,
    tokens: (count, subject) => Promise.all(Array.from({ length: count }, () => one(subject))),
    stop: () => new Promise((resolve) => void server.close(() => resolve())),
  };
};
