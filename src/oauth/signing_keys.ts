// The keys that sign JWT-format tokens: one signs now, retired ones stay published until nothing they signed can still be alive.
// The private half leaves this file only as a signature.
import { exportJWK, generateKeyPair, importJWK, type JWK, type JWTPayload, SignJWT } from 'jose';
import { accessTokenType } from '../identity/methods/access_token.ts';
import { type Clock, readWireMoment, wireMoment } from '../kit/clock.ts';
import { isFault } from '../kit/fault.ts';
import type { Ids } from '../kit/ids.ts';
import { systemCaller } from '../records/caller.ts';
import type { Records, Row } from '../records/records.ts';
import { keyPublishedSeconds } from './client.ts';
import { isDuplicate } from './is_duplicate.ts';

const table = 'jwt_keystore_aliases';

export interface SigningKeys {
  /** A compact RS256 JWT of type `at+jwt` (RFC 9068). Makes the first key when there is none. */
  sign(claims: JWTPayload): Promise<string>;
  /** The public key set, newest first. */
  published(): Promise<{ keys: JWK[] }>;
  /** A new key signs from now on; the old one stays published. */
  rotate(): Promise<void>;
  /** Rotates when the current key is older than `ageMs`. */
  rotateWhenOlderThan(ageMs: number): Promise<void>;
}

interface CurrentKey {
  kid: string;
  key: Awaited<ReturnType<typeof importJWK>>;
}

export const makeSigningKeys = ({
  records,
  clock,
  ids,
  seal,
  open,
  topic,
}: {
  records: Records;
  clock: Clock;
  ids: Ids;
  seal: (text: string) => string;
  open: (sealed: string) => string;
  /** Grows whenever keys change, on any process. */
  topic: () => number;
}): SigningKeys => {
  let cached: { at: number; current: CurrentKey } | undefined;
  let hasReplacedForeign = false;
  const currentRow = async (): Promise<Row | undefined> => (await records.findBy(table, { current: 'yes' }))[0];

  /** Replaces the key that was seen, '' for none; when another request has replaced it meanwhile, that one stands. */
  const replace = async (seen: string): Promise<void> => {
    const { privateKey, publicKey } = await generateKeyPair('RS256', { modulusLength: 2048, extractable: true });
    const kid = ids.randomToken(16);
    const values = {
      name: `Signing key ${wireMoment(clock.now())}`,
      kid,
      signing_algorithm: 'RS256',
      public_key: JSON.stringify({ ...(await exportJWK(publicKey)), kid, alg: 'RS256', use: 'sig' }),
      private_key: seal(JSON.stringify(await exportJWK(privateKey))),
      active: 'true',
      current: 'yes',
    };
    await records.write(async (transaction) => {
      const within = records.within(transaction);
      const [old] = await within.findBy(table, { current: 'yes' }, { forUpdate: true });
      if ((old?.sys_id ?? '') !== seen) return;
      if (seen !== '') await within.update(systemCaller, table, seen, { current: null, retired_at: wireMoment(clock.now()) });
      await within.insert(systemCaller, table, values);
      await transaction.bump('oauth');
    });
  };

  /**
   * undefined for a key that was sealed under an instance key that is lost: it will never sign again. That is believed once: where two
   * processes run with different instance keys, they must not go on replacing each other's.
   */
  const openOwn = (row: Row): string | undefined => {
    try {
      return open(row.private_key ?? '');
    } catch (error) {
      if (!hasReplacedForeign && isFault(error, 'kit.seal_foreign')) return undefined;
      throw error;
    }
  };

  const current = async (): Promise<CurrentKey> => {
    const at = topic();
    if (cached?.at === at) return cached.current;
    let row = await currentRow();
    if (row === undefined) {
      // Two processes may both make the first key; the unique column lets one of them win and both go on with it.
      await replace('').catch((error: unknown) => {
        if (!isDuplicate(error)) throw error;
      });
      row = await currentRow();
    }
    if (row === undefined) throw new Error('The signing key that was just made is not there');
    const text = openOwn(row);
    if (text === undefined) {
      hasReplacedForeign = true;
      await replace(row.sys_id ?? '');
      return current();
    }
    cached = { at, current: { kid: row.kid ?? '', key: await importJWK(JSON.parse(text) as JWK, 'RS256') } };
    return cached.current;
  };

  return {
    async sign(claims) {
      const { kid, key } = await current();
      return new SignJWT(claims).setProtectedHeader({ alg: 'RS256', kid, typ: accessTokenType }).sign(key);
    },
    async published() {
      const rows = await records.find(table, 'active=true^ORDERBYDESCsys_created_on');
      const isPublished = (row: Row) =>
        row.current === 'yes' || readWireMoment(row.retired_at ?? '') > clock.now() - keyPublishedSeconds * 1000;
      return { keys: rows.filter(isPublished).map((row) => JSON.parse(row.public_key ?? '{}') as JWK) };
    },
    rotate: async () => replace((await currentRow())?.sys_id ?? ''),
    async rotateWhenOlderThan(ageMs) {
      const row = await currentRow();
      if (row !== undefined && readWireMoment(row.sys_created_on ?? '') < clock.now() - ageMs) {
        await replace(row.sys_id ?? '');
      }
    },
  };
};
