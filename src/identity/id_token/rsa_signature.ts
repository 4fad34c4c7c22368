// RSA signatures of tokens, checked in this thread: by the public exponent that takes 25 µs, and the way to another thread and back takes
// longer. Keys of other kinds, whose signatures cost more, are left to jose.
// Must not read a header: which algorithm holds has been decided before.
import { constants, createPublicKey, type KeyObject, verify } from 'node:crypto';
import type { JWK } from 'jose';

const hashes: ReadonlyMap<string, string> = new Map([
  ['256', 'sha256'],
  ['384', 'sha384'],
  ['512', 'sha512'],
]);

/** RFC 7518 §3.3 and §3.5: the salt of PS* is as long as the digest. */
const paddingOf = (algorithm: string): { padding: number; saltLength?: number } | undefined => {
  if (algorithm.startsWith('RS')) return { padding: constants.RSA_PKCS1_PADDING };
  if (!algorithm.startsWith('PS')) return undefined;
  return { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: constants.RSA_PSS_SALTLEN_DIGEST };
};

/** Answers for compact tokens of three parts in base64url; undefined for an algorithm that is not of RSA. Throws where the key is none. */
export const rsaVerifier = (jwk: JWK, algorithm: string): ((token: string) => boolean) | undefined => {
  const [padding, hash] = [paddingOf(algorithm), hashes.get(algorithm.slice(2))];
  if (!padding || !hash) return undefined;
  const key: KeyObject = createPublicKey({ key: { ...jwk }, format: 'jwk' });
  return (token) => {
    const at = token.lastIndexOf('.');
    const signature = Buffer.from(token.slice(at + 1), 'base64url');
    return verify(hash, Buffer.from(token.slice(0, at), 'latin1'), { key, ...padding }, signature);
  };
};
