// Names for secrets that may be written down, and comparisons that tell an onlooker nothing.
// A fingerprint recognises a token in a log; it must never be used to look one up or to accept it.
import { createHash, hash, timingSafeEqual } from 'node:crypto';

/** Lower-case hex SHA-256 of the UTF-8 text. Enough to store high-entropy tokens by; passwords need kit/password.ts. */
export const sha256Hex = (text: string): string => hash('sha256', text);

/** First 12 hex digits of SHA-256: what stands in a log or a refusal row where the token would have stood. */
export const fingerprint = (secret: string): string => sha256Hex(secret).slice(0, 12);

/** Equality in a time that depends on neither content nor on where the two differ. Both are hashed first so that lengths do not matter. */
export const equalSecrets = (one: string, other: string): boolean =>
  timingSafeEqual(createHash('sha256').update(one, 'utf8').digest(), createHash('sha256').update(other, 'utf8').digest());
