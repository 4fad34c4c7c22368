// Password hashing: Argon2id, with its parameters in the stored text so that they can be raised without asking anyone for a new password.
// Must not log, cache or throttle: identity/methods/basic.ts does what is needed of these.
import { argon2, randomBytes, timingSafeEqual } from 'node:crypto';

/** Cost as the stored text carries it. */
export interface PasswordCost {
  memoryKib: number;
  passes: number;
}

// The first choice of the OWASP password storage sheet. scrypt of the same strength took six times as long here, and a caller with a wrong
// password makes us work as well.
export const standardCost: PasswordCost = Object.freeze({ memoryKib: 19_456, passes: 2 });

const keyBytes = 32;
// The PHC string format.
const shape = /^\$argon2id\$v=19\$m=(\d{1,7}),t=(\d{1,2}),p=1\$([A-Za-z0-9+/]{22,64})\$([A-Za-z0-9+/]{43})$/;

interface StoredPassword {
  cost: PasswordCost;
  salt: Buffer;
  key: Buffer;
}

const readStored = (stored: string): StoredPassword | undefined => {
  const [, memory, passes, salt, key] = shape.exec(stored) ?? [];
  if (!memory || !passes || !salt || !key) return undefined;
  const cost = { memoryKib: Number(memory), passes: Number(passes) };
  // A stored text from elsewhere must not be able to ask for gigabytes.
  if (cost.memoryKib < 1_024 || cost.memoryKib > 262_144 || cost.passes < 1) return undefined;
  return { cost, salt: Buffer.from(salt, 'base64'), key: Buffer.from(key, 'base64') };
};

// NFC: the same password typed on two keyboards must give the same bytes (RFC 8265 §4.2.2).
const derive = (password: string, salt: Buffer, cost: PasswordCost): Promise<Buffer> =>
  new Promise((resolve, reject) => {
    const options = {
      message: password.normalize('NFC'),
      nonce: salt,
      memory: cost.memoryKib,
      passes: cost.passes,
      parallelism: 1,
      tagLength: keyBytes,
    };
    argon2('argon2id', options, (error, key) => (error ? reject(error) : resolve(key)));
  });

const unpadded = (bytes: Buffer): string => bytes.toString('base64').replace(/=+$/, '');

const phcText = ({ cost, salt, key }: StoredPassword): string =>
  `$argon2id$v=19$m=${cost.memoryKib},t=${cost.passes},p=1$${unpadded(salt)}$${unpadded(key)}`;

/** The text to store: `$argon2id$v=19$m=…,t=…,p=1$salt$key`. Works on the thread pool; some tens of milliseconds at the standard cost. */
export const hashPassword = async (
  password: string,
  options: { cost?: PasswordCost; random?: (byteCount: number) => Buffer } = {},
): Promise<string> => {
  const cost = options.cost ?? standardCost;
  const salt = (options.random ?? randomBytes)(16);
  return phcText({ cost, salt, key: await derive(password, salt, cost) });
};

/** The stored text of no password at all, for whoever must not tell by the time it takes that there is nobody of that name. */
export const decoyHash = (random: (byteCount: number) => Buffer = randomBytes): string =>
  phcText({ cost: standardCost, salt: random(16), key: random(keyBytes) });

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
  return !parts || parts.cost.memoryKib * parts.cost.passes < cost.memoryKib * cost.passes;
};
