// Password hashing: scrypt, with its parameters in the stored text so that they can be raised without asking anyone for a new password.
// Must not log, cache or throttle: identity/methods/basic.ts does what is needed of these.
import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto';

/** Cost as the stored text carries it: memory is 128 · 2^logN · r bytes, work grows with p. */
export interface PasswordCost {
  logN: number;
  r: number;
  p: number;
}

// 32 MiB and three passes: one of the equal-strength settings of the OWASP password storage sheet, the one that spares memory.
export const standardCost: PasswordCost = Object.freeze({ logN: 15, r: 8, p: 3 });

const keyBytes = 32;
const shape = /^\$scrypt\$ln=(\d{1,2}),r=(\d{1,2}),p=(\d{1,2})\$([A-Za-z0-9_-]{16,64})\$([A-Za-z0-9_-]{43})$/;

interface StoredPassword {
  cost: PasswordCost;
  salt: Buffer;
  key: Buffer;
}

const readStored = (stored: string): StoredPassword | undefined => {
  const [, logN, r, p, salt, key] = shape.exec(stored) ?? [];
  if (!logN || !r || !p || !salt || !key) return undefined;
  const cost = { logN: Number(logN), r: Number(r), p: Number(p) };
  // A stored text from elsewhere must not be able to ask for gigabytes.
  if (cost.logN < 10 || cost.logN > 20 || cost.r < 1 || cost.p < 1 || 2 ** cost.logN * cost.r * 128 > 2 ** 28) return undefined;
  return { cost, salt: Buffer.from(salt, 'base64url'), key: Buffer.from(key, 'base64url') };
};

// NFC: the same password typed on two keyboards must give the same bytes (RFC 8265 §4.2.2).
const derive = (password: string, salt: Buffer, cost: PasswordCost): Promise<Buffer> =>
  new Promise((resolve, reject) => {
    const options = { N: 2 ** cost.logN, r: cost.r, p: cost.p, maxmem: 2 ** cost.logN * cost.r * 128 * 2 + 1_048_576 };
    scrypt(password.normalize('NFC'), salt, keyBytes, options, (error, key) => (error ? reject(error) : resolve(key)));
  });

/** The text to store: `$scrypt$ln=…,r=…,p=…$salt$key`. Works on the thread pool; about a fifth of a second at the standard cost. */
export const hashPassword = async (
  password: string,
  options: { cost?: PasswordCost; random?: (byteCount: number) => Buffer } = {},
): Promise<string> => {
  const cost = options.cost ?? standardCost;
  const salt = (options.random ?? randomBytes)(16);
  const key = await derive(password, salt, cost);
  return `$scrypt$ln=${cost.logN},r=${cost.r},p=${cost.p}$${salt.toString('base64url')}$${key.toString('base64url')}`;
};

/** True when `password` made `stored`. A stored text that is no hash of ours never matches. */
export const verifyPassword = async (password: string, stored: string): Promise<boolean> => {
  const parts = readStored(stored);
  if (!parts) return false;
  return timingSafeEqual(await derive(password, parts.salt, parts.cost), parts.key);
};

/** True for text that hashPassword made: lets a writer tell a hash from a password that is still to be hashed. */
export const isPasswordHash = (text: string): boolean => readStored(text) !== undefined;

/** True when the stored hash is weaker than `cost`: hash anew at the next successful sign-in. */
export const needsRehash = (stored: string, cost: PasswordCost = standardCost): boolean => {
  const parts = readStored(stored);
  return !parts || 2 ** parts.cost.logN * parts.cost.r * parts.cost.p < 2 ** cost.logN * cost.r * cost.p;
};
