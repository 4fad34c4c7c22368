// A token in a cookie, for the vendor's command line: with a token in hand it asks for a session, and calls by the session from then on. The
// cookie holds the token, sealed, and opens what the token opens, as long as the token does; it must open nothing without the user token
// that goes with it, and is given only to whoever shows the token and asks for it.
import { createHmac } from 'node:crypto';
import { readCredential } from '../identity/credential.ts';
import type { Identified, Knock } from '../identity/identity.ts';
import { equalSecrets } from '../kit/fingerprint.ts';
import { deriveKey, makeSealer } from '../kit/seal.ts';
import { sessionCookie } from './sessions.ts';

type Headers = Pick<Knock, 'headers'>;

export interface CarriedTokens {
  /** What a stranger is given: stands for nobody, and asks that the token it is sent with next be carried. */
  readonly blank: string;
  /** The cookie for a call that came with the blank one and a token of ours; undefined for every other call. */
  carry(knock: Headers, identified: Pick<Identified, 'method'>): string | undefined;
  /** What must be sent beside the cookie; undefined where the cookie carries nothing. */
  userTokenOf(cookie: string): string | undefined;
  /** The same call with the token in its header, where a cookie carries one and the user token is right; else the call as it came. */
  unpack<T extends Headers>(knock: T): T;
}

/** `key`: 32 bytes, derived for this purpose alone. */
export const makeCarriedTokens = (key: Buffer): CarriedTokens => {
  const sealer = makeSealer(key);
  const signKey = deriveKey(key, 'user tokens');
  const blank = 'nobody';

  const tokenIn = (cookie: string): string | undefined => {
    try {
      return sealer.open(cookie, 'JSESSIONID');
    } catch {
      return undefined;
    }
  };
  const userTokenOf = (cookie: string): string | undefined =>
    tokenIn(cookie) === undefined ? undefined : createHmac('sha256', signKey).update(cookie).digest('base64url');

  return {
    blank,
    userTokenOf,
    carry(knock, { method }) {
      if (method !== 'access_token' || sessionCookie(knock) !== blank) return undefined;
      const credential = readCredential(knock);
      return credential.kind === 'bearer' ? sealer.seal(credential.value, 'JSESSIONID') : undefined;
    },
    unpack(knock) {
      const { cookie: cookies, authorization, 'x-usertoken': sent } = knock.headers;
      if (cookies === undefined || authorization !== undefined || typeof sent !== 'string') return knock;
      const cookie = sessionCookie(knock) ?? '';
      const token = tokenIn(cookie);
      const userToken = userTokenOf(cookie);
      if (token === undefined || userToken === undefined || !equalSecrets(sent, userToken)) return knock;
      return { ...knock, headers: { ...knock.headers, authorization: `Bearer ${token}` } };
    },
  };
};
