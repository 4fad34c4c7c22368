// A provider's public keys: read from its JWKS, and chosen for a token. Secret, private, short and misfitting keys do not count.
// Must not fetch.
import { compactVerify, importJWK, type JWK } from 'jose';
import { Fault } from '../../kit/fault.ts';
import type { Algorithm } from './algorithms.ts';
import { rsaVerifier } from './rsa_signature.ts';

export interface ProviderKey {
  readonly keyId: string | undefined;
  readonly keyType: string;
  readonly curve: string | undefined;
  /** The only algorithm it may be used with, when it says so. */
  readonly algorithm: string | undefined;
  readonly hasCertificate: boolean;
  /** True when this key signed the token under `algorithm`. */
  verifies(token: string, algorithm: string): Promise<boolean>;
}

const keysRead = 100;
export const keysTried = 8;
const rsaBits = { least: 2_048, most: 8_192 };

const bitLength = (base64url: string): number => {
  const hex = Buffer.from(base64url, 'base64url').toString('hex').replace(/^0+/, '');
  return hex === '' ? 0 : (hex.length - 1) * 4 + (32 - Math.clz32(Number.parseInt(hex[0] ?? '0', 16)));
};

const textOf = (value: unknown): string | undefined => (typeof value === 'string' && value !== '' ? value : undefined);

/** Only the public members: whatever else stands in the entry cannot change how it is used. */
const publicPart = (entry: ReadonlyMap<string, unknown>): JWK | undefined => {
  const [kty, n, e, crv, x, y] = ['kty', 'n', 'e', 'crv', 'x', 'y'].map((name) => textOf(entry.get(name)));
  if (kty === 'RSA' && n && e) {
    const bits = bitLength(n);
    return bits >= rsaBits.least && bits <= rsaBits.most && bitLength(e) <= 64 ? { kty, n, e } : undefined;
  }
  if (kty === 'EC' && crv && x && y) return { kty, crv, x, y };
  return kty === 'OKP' && crv && x ? { kty, crv, x } : undefined;
};

const isForSignatures = (entry: ReadonlyMap<string, unknown>): boolean => {
  const operations = entry.get('key_ops');
  return (entry.get('use') ?? 'sig') === 'sig' && (!Array.isArray(operations) || operations.includes('verify'));
};

const joseVerifier = (jwk: JWK, algorithm: string) => {
  const key = importJWK(jwk, algorithm);
  return async (token: string): Promise<boolean> => {
    await compactVerify(token, await key, { algorithms: [algorithm] });
    return true;
  };
};

const readKey = (value: unknown): ProviderKey | undefined => {
  if (typeof value !== 'object' || value === null) return undefined;
  const entry = new Map<string, unknown>(Object.entries(value));
  const jwk = publicPart(entry);
  if (!jwk || entry.has('d') || entry.has('k') || !isForSignatures(entry)) return undefined;
  const verifiers = new Map<string, (token: string) => boolean | Promise<boolean>>();
  const verifierFor = (algorithm: string) => {
    const known = verifiers.get(algorithm) ?? rsaVerifier(jwk, algorithm) ?? joseVerifier(jwk, algorithm);
    verifiers.set(algorithm, known);
    return known;
  };
  return {
    keyId: textOf(entry.get('kid')),
    keyType: jwk.kty ?? '',
    curve: jwk.crv,
    algorithm: textOf(entry.get('alg')),
    hasCertificate: Array.isArray(entry.get('x5c')),
    async verifies(token, algorithm) {
      try {
        return await verifierFor(algorithm)(token);
      } catch {
        // A key that cannot be imported and a signature that does not match are the same to a caller: not proven.
        return false;
      }
    },
  };
};

/** Throws Fault `identity.jwks_invalid` when the document is no key set. Entries that cannot be used are left out. */
export const readKeySet = (document: unknown): readonly ProviderKey[] => {
  const keys = typeof document === 'object' && document !== null ? (document as { keys?: unknown }).keys : undefined;
  if (!Array.isArray(keys)) throw new Fault('unavailable', 'identity.jwks_invalid', 'The key set holds no list of keys');
  return keys.slice(0, keysRead).flatMap((entry) => readKey(entry) ?? []);
};

export interface Candidates {
  /** True when the token names a key and the set has it. */
  isExact: boolean;
  keys: readonly ProviderKey[];
}

/** Keys that may have signed: those of the token's kid; failing that those without any kid; all that fit when the token names none. */
export const candidatesFor = (keys: readonly ProviderKey[], keyId: string | undefined, algorithm: Algorithm): Candidates => {
  const fitting = keys.filter(
    (key) =>
      key.keyType === algorithm.keyType &&
      (algorithm.curve === undefined || key.curve === algorithm.curve) &&
      (key.algorithm === undefined ||
        key.algorithm === algorithm.name ||
        (algorithm.keyType === 'OKP' && (key.algorithm === 'EdDSA' || key.algorithm === algorithm.curve))),
  );
  const exact = keyId === undefined ? [] : fitting.filter((key) => key.keyId === keyId);
  if (exact.length > 0) return { isExact: true, keys: exact.slice(0, keysTried) };
  const others = keyId === undefined ? fitting : fitting.filter((key) => key.keyId === undefined);
  return { isExact: false, keys: others.length > keysTried ? [] : others };
};
