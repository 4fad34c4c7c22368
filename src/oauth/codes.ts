// Authorization codes: given once by the consent page, taken once by the token endpoint, both inside a transaction.
// A code is known by its hash; a code that comes twice condemns its family.
import { type Clock, readWireMoment, wireMoment } from '../kit/clock.ts';
import { sha256Hex } from '../kit/fingerprint.ts';
import type { Ids } from '../kit/ids.ts';
import { systemCaller } from '../records/caller.ts';
import type { Records, RecordsInTransaction } from '../records/records.ts';
import type { Client } from './client.ts';
import { badGrant } from './oauth_refusal.ts';
import type { GrantedScope } from './scope.ts';

const table = 'oauth_authorization_code';

export interface CodeOrder {
  client: Client;
  userSysId: string;
  redirectUri: string;
  /** The authorization request named it, so the token request must too. */
  wasRedirectSent: boolean;
  scope: GrantedScope;
  /** '' for a confidential client that sent none. */
  challenge: string;
  /** Id of the consent: one consent gives one code. */
  ticket: string;
}

export interface TakenCode {
  userSysId: string;
  redirectUri: string;
  wasRedirectSent: boolean;
  scope: GrantedScope;
  challenge: string;
  family: string;
}

export interface Codes {
  /** Throws Fault `store.duplicate` when this consent has given its code already. */
  give(order: CodeOrder): Promise<string>;
  /**
   * Uses the code up, good or not, when it is this client's. Throws OAuthRefusal `invalid_grant`; `replayed` hears the family of a code
   * that had been used before.
   */
  take(code: string, client: Client, replayed: (family: string) => Promise<void>): Promise<TakenCode>;
  /** Inside the transaction that writes the tokens: throws when the code was replayed meanwhile. */
  guard(family: string): (within: RecordsInTransaction) => Promise<void>;
}

export const makeCodes = ({ records, clock, ids }: { records: Records; clock: Clock; ids: Ids }): Codes => ({
  async give(order) {
    const code = ids.randomToken(32);
    await records.insert(systemCaller, table, {
      code_hash: sha256Hex(code),
      ticket: order.ticket,
      peer: order.client.sysId,
      user: order.userSysId,
      redirect_uri: order.redirectUri,
      redirect_uri_sent: String(order.wasRedirectSent),
      scopes: order.scope.text,
      scopes_narrowed: String(order.scope.isNarrowed),
      code_challenge: order.challenge,
      expires: wireMoment(clock.now() + order.client.codeLifeSeconds * 1000),
      state: 'fresh',
      family: ids.sysId(),
    });
    return code;
  },

  async take(code, client, replayed) {
    const row = await records.write(async (transaction) => {
      const within = records.within(transaction);
      const [found] = await within.findBy(table, { code_hash: sha256Hex(code) }, { forUpdate: true });
      // Somebody else's code stays as it is: its owner may still be on the way here.
      if (found === undefined || found.peer !== client.sysId) return found;
      const state = found.state === 'fresh' ? 'used' : 'replayed';
      if (state !== found.state) await within.update(systemCaller, table, found.sys_id ?? '', { state });
      return found;
    });
    if (row === undefined) throw badGrant('code_unknown', 'no such code was given, or it is long gone');
    const user = row.user ?? '';
    if (row.peer !== client.sysId) throw badGrant('code_other_client', `the code was given to the record ${row.peer}`, user);
    if (row.state !== 'fresh') {
      await replayed(row.family ?? '');
      throw badGrant('code_replayed', 'the code was used before; everything that it gave was revoked', user);
    }
    if (!(readWireMoment(row.expires ?? '') > clock.now()))
      throw badGrant('code_expired', `the code expired at ${row.expires}`, user);
    return {
      userSysId: user,
      redirectUri: row.redirect_uri ?? '',
      wasRedirectSent: row.redirect_uri_sent === 'true',
      scope: { text: row.scopes ?? '', isNarrowed: row.scopes_narrowed === 'true' },
      challenge: row.code_challenge ?? '',
      family: row.family ?? '',
    };
  },

  guard: (family) => async (within) => {
    const [row] = await within.findBy(table, { family }, { forUpdate: true });
    if (row?.state !== 'used')
      throw badGrant('code_replayed', 'the code was used again while its tokens were being made', row?.user ?? '');
  },
});
