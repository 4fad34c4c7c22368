// Ends tokens before their time: one, a family, or all of a user or of a client. Rows stay, as expired, until the purge takes them.
// Every process drops what it has cached as soon as the transaction is durable.
import { type Clock, readWireMoment, wireMoment } from '../kit/clock.ts';
import { sha256Hex } from '../kit/fingerprint.ts';
import { systemCaller } from '../records/caller.ts';
import type { Records, Row, Values } from '../records/records.ts';
import type { Transaction } from '../store/store.ts';
import { credentialTable } from './issue_tokens.ts';

/** The topic under which every process caches tokens, clients and scopes. */
export const oauthTopic = 'oauth';

export interface RevokeTokens {
  /** A refresh token takes its family with it, an access token goes alone. Answers the rows that were ended. */
  token(token: string): Promise<Row[]>;
  family(family: string): Promise<Row[]>;
  /** Live tokens of this user, of this client, or of this user at this client. At least one must be named. */
  matching(match: { user?: string; client?: string }): Promise<Row[]>;
  /** One row of Manage Tokens. */
  row(sysId: string): Promise<Row[]>;
}

/** What a row says once it is revoked. */
export const revokedValues = (row: Row, clock: Clock): Values => {
  const now = wireMoment(clock.now());
  // Never lengthen: a token that ended yesterday must not read as if it had been good until now.
  const expires = readWireMoment(row.expires ?? '') < clock.now() ? (row.expires ?? now) : now;
  return { state: 'revoked', revoked_at: now, expires, reuse_key: null };
};

export const makeRevokeTokens = ({ records, clock }: { records: Records; clock: Clock }): RevokeTokens => {
  const end = async (transaction: Transaction, match: Values): Promise<Row[]> => {
    const within = records.within(transaction);
    const rows = (await within.findBy(credentialTable, match, { forUpdate: true })).filter((row) => row.state !== 'revoked');
    for (const row of rows) await within.update(systemCaller, credentialTable, row.sys_id ?? '', revokedValues(row, clock));
    if (rows.length > 0) await transaction.bump(oauthTopic);
    return rows;
  };
  const family = (name: string): Promise<Row[]> =>
    name === '' ? Promise.resolve([]) : records.write((transaction) => end(transaction, { family: name }));
  return {
    family,
    async token(token) {
      const [row] = await records.findBy(credentialTable, { token_hash: sha256Hex(token) });
      if (row === undefined) return [];
      if (row.type === 'refresh_token' && row.family) return family(row.family);
      return records.write((transaction) => end(transaction, { sys_id: row.sys_id ?? '' }));
    },
    async matching({ user, client }) {
      if (!user && !client) return [];
      const match = { ...(user ? { user } : {}), ...(client ? { peer: client } : {}), state: 'live' };
      return records.write((transaction) => end(transaction, match));
    },
    row: (sysId) => records.write((transaction) => end(transaction, { sys_id: sysId })),
  };
};
