// Sealing of secrets that must be read back (client secrets, peer credentials): AES-256-GCM under the instance key.
// What only has to be recognised is hashed instead; the key itself never enters the database.
import { createCipheriv, createDecipheriv, createHash, createHmac, randomBytes } from 'node:crypto';
import { chmod, link, mkdir, open, readFile, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { Fault } from './fault.ts';

export interface Sealer {
  /** Names the key (8 hex digits of a hash), so that text sealed elsewhere is recognised before it is tried. */
  readonly keyId: string;
  /** `$sealed$1$<keyId>$<nonce, text, tag>`; never the same twice. `context` (say, `table.field`) must be the same when it is opened. */
  seal(text: string, context?: string): string;
  /** Throws Fault `kit.seal_foreign` (sealed by another instance) or `kit.seal_broken` (changed or cut). */
  open(sealed: string, context?: string): string;
}

const prefix = '$sealed$1$';
const nonceBytes = 12;
const tagBytes = 16;

export const isSealed = (text: string): boolean => text.startsWith(prefix);

/** `key`: 32 bytes. */
export const makeSealer = (key: Buffer, random: (byteCount: number) => Buffer = randomBytes): Sealer => {
  if (key.length !== 32) throw new Fault('unavailable', 'kit.instance_key_invalid', 'The instance key must hold 32 bytes');
  const keyId = createHash('sha256').update('causeway instance key id\0').update(key).digest('hex').slice(0, 8);
  return {
    keyId,
    seal(text, context = '') {
      const nonce = random(nonceBytes);
      const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(`${prefix}${keyId}$${context}`, 'utf8'));
      const body = Buffer.concat([nonce, cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()]);
      return `${prefix}${keyId}$${body.toString('base64url')}`;
    },
    open(sealed, context = '') {
      const broken = () => new Fault('unavailable', 'kit.seal_broken', 'A stored secret cannot be opened: it was changed or cut');
      if (!isSealed(sealed)) throw broken();
      const [sealedBy = '', text = ''] = sealed.slice(prefix.length).split('$');
      if (sealedBy !== keyId) {
        throw new Fault('unavailable', 'kit.seal_foreign', 'A stored secret was sealed under another instance key', {
          detail: `sealed by key ${sealedBy.slice(0, 8)}, this instance holds key ${keyId}`,
        });
      }
      const body = Buffer.from(text, 'base64url');
      if (body.length < nonceBytes + tagBytes) throw broken();
      const decipher = createDecipheriv('aes-256-gcm', key, body.subarray(0, nonceBytes), { authTagLength: tagBytes })
        .setAAD(Buffer.from(`${prefix}${keyId}$${context}`, 'utf8'))
        .setAuthTag(body.subarray(-tagBytes));
      try {
        return Buffer.concat([decipher.update(body.subarray(nonceBytes, -tagBytes)), decipher.final()]).toString('utf8');
      } catch {
        throw broken();
      }
    },
  };
};

/** A key for one further purpose, so that no two uses share one: HMAC-SHA-256 of `purpose` under the instance key. 32 bytes. */
export const deriveKey = (key: Buffer, purpose: string): Buffer => createHmac('sha256', key).update(purpose, 'utf8').digest();

const readKey = (text: string, where: string): Buffer => {
  const trimmed = text.trim();
  const key = /^[0-9a-f]{64}$/i.test(trimmed) ? Buffer.from(trimmed, 'hex') : Buffer.from(trimmed, 'base64');
  if (key.length !== 32) {
    throw new Fault('unavailable', 'kit.instance_key_invalid', `${where} must hold 32 bytes, as 64 hex digits or base64`);
  }
  return key;
};

/**
 * The 32-byte instance key: `fromEnvironment` (CAUSEWAY_INSTANCE_KEY) when given, else `<dir>/instance.key`, made at the first start with
 * mode 0600. Processes that start together end up with one key. Throws Fault `kit.instance_key_invalid`.
 */
export const loadInstanceKey = async (
  dir: string,
  fromEnvironment: string | undefined,
  random: (byteCount: number) => Buffer = randomBytes,
): Promise<Buffer> => {
  if (fromEnvironment) return readKey(fromEnvironment, 'CAUSEWAY_INSTANCE_KEY');
  const path = join(dir, 'instance.key');
  const present = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  if (present !== undefined) {
    await chmod(path, 0o600);
    return readKey(present, path);
  }
  await mkdir(dir, { recursive: true, mode: 0o700 });
  // Written whole under another name, then linked: a reader never sees half a key and the first of two starters wins.
  const draft = join(dir, `instance.key.${random(6).toString('hex')}`);
  const file = await open(draft, 'wx', 0o600);
  try {
    await file.writeFile(`${random(32).toString('hex')}\n`);
    await file.sync();
  } finally {
    await file.close();
  }
  await link(draft, path).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error;
  });
  await unlink(draft);
  return readKey(await readFile(path, 'utf8'), path);
};
