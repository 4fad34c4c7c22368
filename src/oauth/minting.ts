// Makes the strings of new tokens, before any transaction is open: a transaction may run twice and may wait for nothing else.
import type { Clock } from '../kit/clock.ts';
import { sha256Hex } from '../kit/fingerprint.ts';
import type { Ids } from '../kit/ids.ts';
import type { Client } from './client.ts';
import type { Credential } from './credential.ts';
import type { SigningKeys } from './signing_keys.ts';
import type { TokenText } from './token_text.ts';

/** A token that no row knows yet. */
export interface Draft {
  token: string;
  nonce: string;
  expiresMs: number;
}

export interface Minting {
  access(order: { client: Client; userSysId: string; subject: string; scope: string }): Promise<Draft>;
  refresh(client: Client): Draft;
  /** The string of an opaque token that is already out; undefined when it was made under another instance key. */
  again(credential: Pick<Credential, 'kind' | 'nonce' | 'tokenHash'>): string | undefined;
}

// Moments are stored in whole seconds: an expiry is cut to what its row will say.
const inSeconds = (clock: Clock, lifeSeconds: number): number => Math.floor(clock.now() / 1000) * 1000 + lifeSeconds * 1000;

export const makeMinting = ({
  clock,
  ids,
  tokenText,
  signingKeys,
  issuer,
}: {
  clock: Clock;
  ids: Ids;
  tokenText: TokenText;
  signingKeys: SigningKeys;
  /** Base URL of the instance: issuer and audience of JWT-format tokens. */
  issuer: () => string;
}): Minting => ({
  async access({ client, subject, scope }) {
    const nonce = ids.randomToken(32);
    const expiresMs = inSeconds(clock, client.accessLifeSeconds);
    if (client.tokenFormat === 'opaque') return { token: tokenText.derive('access', nonce), nonce, expiresMs };
    const token = await signingKeys.sign({
      iss: issuer(),
      aud: issuer(),
      sub: subject,
      client_id: client.clientId,
      scope,
      jti: nonce,
      iat: Math.floor(clock.now() / 1000),
      exp: Math.floor(expiresMs / 1000),
    });
    return { token, nonce, expiresMs };
  },
  refresh(client) {
    const nonce = ids.randomToken(32);
    return { token: tokenText.derive('refresh', nonce), nonce, expiresMs: inSeconds(clock, client.refreshLifeSeconds) };
  },
  again({ kind, nonce, tokenHash }) {
    const token = tokenText.derive(kind, nonce);
    return sha256Hex(token) === tokenHash ? token : undefined;
  },
});
