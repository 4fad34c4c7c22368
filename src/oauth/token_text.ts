// The strings of opaque tokens. A token is the HMAC of a random nonce under a key of the instance: the row keeps the nonce and the hash, so the
// same string can be handed out again without ever being stored, and neither the database nor the key alone makes a token.
import { createHmac } from 'node:crypto';
import { fingerprint, sha256Hex } from '../kit/fingerprint.ts';

export interface TokenText {
  /** 86 characters of base64url, as the original's. The same nonce gives the same token. */
  derive(kind: 'access' | 'refresh', nonce: string): string;
}

/** `key`: 32 bytes, derived for this purpose alone. */
export const makeTokenText = (key: Buffer): TokenText => ({
  derive: (kind, nonce) => createHmac('sha512', key).update(`${kind}\0${nonce}`, 'utf8').digest('base64url'),
});

/** What a credential row keeps of its token. */
export const traceOf = (token: string): { token_hash: string; token_fingerprint: string } => ({
  token_hash: sha256Hex(token),
  token_fingerprint: fingerprint(token),
});
