// The keys that may have signed an assertion: those that the administrator mapped to the JWT endpoint, and those of its key set address.
// A key is bound to what it may be used with: a certificate never serves HS*, a shared key never serves RS* or ES*.
import { createPublicKey, createSecretKey, type KeyObject, X509Certificate } from 'node:crypto';
import { compactVerify } from 'jose';
import { algorithmNamed } from '../identity/id_token/algorithms.ts';
import type { DecodedToken } from '../identity/id_token/decode.ts';
import { candidatesFor, type ProviderKey, readKeySet } from '../identity/id_token/keys.ts';
import type { Clock } from '../kit/clock.ts';
import { isFault } from '../kit/fault.ts';
import type { Outbound } from '../kit/outbound.ts';
import type { Records, Row } from '../records/records.ts';
import { badGrant } from './oauth_refusal.ts';

const asymmetric: ReadonlySet<string> = new Set(['RS256', 'RS384', 'RS512', 'ES256', 'ES384', 'ES512']);
const symmetric: ReadonlySet<string> = new Set(['HS256', 'HS384', 'HS512']);
const keysTried = 8;
const refetchEveryMs = 60_000;

export interface VerificationKeys {
  /** Throws OAuthRefusal `invalid_grant` when no key of the endpoint signed the assertion. */
  verify(assertion: string, token: DecodedToken, endpoint: Row): Promise<void>;
}

const publicKeyOf = (pem: string, nowMs: number): KeyObject | undefined => {
  try {
    if (!pem.includes('BEGIN CERTIFICATE')) return createPublicKey(pem);
    const certificate = new X509Certificate(pem);
    const isValidNow = Date.parse(certificate.validFrom) <= nowMs && nowMs <= Date.parse(certificate.validTo);
    return isValidNow ? certificate.publicKey : undefined;
  } catch {
    return undefined;
  }
};

const signed = async (assertion: string, key: KeyObject, algorithm: string): Promise<boolean> => {
  try {
    await compactVerify(assertion, key, { algorithms: [algorithm] });
    return true;
  } catch {
    // A key of another kind and a signature that does not match are the same to a caller: not proven.
    return false;
  }
};

export const makeVerificationKeys = ({
  records,
  clock,
  outbound,
  openSecret,
}: {
  records: Records;
  clock: Clock;
  outbound: Outbound;
  /** Opens a stored `jwt_verifier_map.shared_key`. */
  openSecret: (sealed: string) => string;
}): VerificationKeys => {
  const keySets = new Map<string, { keys: readonly ProviderKey[]; fetchedMs: number }>();

  const keysAt = async (url: string, lifeMs: number): Promise<readonly ProviderKey[]> => {
    const known = keySets.get(url);
    if (known !== undefined && clock.now() - known.fetchedMs < lifeMs) return known.keys;
    try {
      const keys = readKeySet(await outbound.getJson(url));
      if (keySets.size >= 200) keySets.delete(keySets.keys().next().value as string);
      keySets.set(url, { keys, fetchedMs: clock.now() });
      return keys;
    } catch (error) {
      if (known !== undefined) return known.keys;
      throw badGrant('metadata_unreachable', isFault(error) ? error.message : 'the key set cannot be fetched');
    }
  };

  const setSigned = async (assertion: string, token: DecodedToken, endpoint: Row): Promise<boolean> => {
    const algorithm = algorithmNamed(token.algorithm);
    const url = endpoint.jwks_url ?? '';
    if (url === '' || algorithm === undefined) return false;
    const lifeMs = (Number(endpoint.jwks_cache_lifespan) || 720) * 60_000;
    let candidates = candidatesFor(await keysAt(url, lifeMs), token.keyId, algorithm);
    // The keys may have been rotated: ask again, but not for every stranger's guess at a kid.
    if (!candidates.isExact)
      candidates = candidatesFor(await keysAt(url, Math.min(lifeMs, refetchEveryMs)), token.keyId, algorithm);
    for (const key of candidates.keys) if (await key.verifies(assertion, algorithm.name)) return true;
    return false;
  };

  const mappedSigned = async (assertion: string, token: DecodedToken, endpoint: Row): Promise<boolean> => {
    const rows = await records.findBy('jwt_verifier_map', { oauth_jwt: endpoint.sys_id ?? '' }, { limit: 50 });
    const exact = rows.filter((row) => token.keyId !== undefined && row.kid === token.keyId);
    const fitting = exact.length > 0 ? exact : rows.filter((row) => !row.kid || token.keyId === undefined);
    for (const row of fitting.slice(0, keysTried)) {
      const [certificate] = row.sys_certificate ? await records.findBy('sys_certificate', { sys_id: row.sys_certificate }) : [];
      if (asymmetric.has(token.algorithm) && certificate?.active === 'true') {
        const key = publicKeyOf(certificate.pem_certificate ?? '', clock.now());
        if (key !== undefined && (await signed(assertion, key, token.algorithm))) return true;
      }
      if (symmetric.has(token.algorithm) && row.shared_key) {
        const secret = Buffer.from(openSecret(row.shared_key), 'utf8');
        // RFC 7518 §3.2: a key shorter than the hash can be found by trying.
        if (secret.length * 8 < Number(token.algorithm.slice(2)))
          throw badGrant('alg_not_allowed', `the shared key is too short for ${token.algorithm}`);
        if (await signed(assertion, createSecretKey(secret), token.algorithm)) return true;
      }
    }
    return false;
  };

  return {
    async verify(assertion, token, endpoint) {
      if (!asymmetric.has(token.algorithm) && !symmetric.has(token.algorithm)) {
        throw badGrant('alg_not_allowed', 'the alg of the assertion is none of RS, ES and HS 256 to 512');
      }
      const extension = ['crit', 'b64'].find((name) => token.header.has(name));
      if (extension !== undefined) throw badGrant('malformed_jwt', `the assertion demands an extension (${extension})`);
      if (await mappedSigned(assertion, token, endpoint)) return;
      if (asymmetric.has(token.algorithm) && (await setSigned(assertion, token, endpoint))) return;
      throw badGrant('bad_signature', 'no key of the JWT endpoint signed the assertion');
    },
  };
};
