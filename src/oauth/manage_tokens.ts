// Manage Tokens: what is out, for its owner and for administrators of authentication; ending it; and a new secret for a client.
// Must not show anyone a token, nor another person's rows to someone who is no administrator.
import type { Refusals } from '../identity/refusals.ts';
import { Fault } from '../kit/fault.ts';
import type { Ids } from '../kit/ids.ts';
import { type Caller, hasRole, systemCaller } from '../records/caller.ts';
import type { Records, Row } from '../records/records.ts';
import { clientOf } from './client.ts';
import type { RevokeTokens } from './revoke_tokens.ts';

/** Each a sys_id. */
export interface TokenFilter {
  user?: string;
  client?: string;
  /** Of one credential. */
  token?: string;
}

export interface ShownToken {
  sys_id: string;
  type: string;
  token_fingerprint: string;
  client: string;
  user: string;
  scopes: string;
  expires: string;
  state: string;
  created: string;
}

export interface ManageTokens {
  /** A page, newest first. Without administrator's rights: one's own, whatever is asked. */
  list(caller: Caller, filter: TokenFilter, page: { limit: number; offset: number }): Promise<ShownToken[]>;
  /** Answers how many were ended. Throws Fault `oauth.revoke_forbidden`, `oauth.revoke_unnamed`. */
  revoke(caller: Caller, filter: TokenFilter, transactionId: string): Promise<number>;
  /** A new secret, shown this once. The one before is taken for as long as the property says, or with `endsFormer` no more: it has leaked. */
  replaceSecret(caller: Caller, clientSysId: string, options: { endsFormer: boolean }): Promise<string>;
}

const forbidden = (code: string): Fault =>
  new Fault('forbidden', code, 'User Not Authorized', { explanation: 'Failed API level ACL Validation' });

const shown = (row: Row): ShownToken => ({
  sys_id: row.sys_id ?? '',
  type: row.type ?? '',
  token_fingerprint: row.token_fingerprint ?? '',
  client: row.peer ?? '',
  user: row.user ?? '',
  scopes: row.scopes ?? '',
  expires: row.expires ?? '',
  state: row.state ?? '',
  created: row.sys_created_on ?? '',
});

export const makeManageTokens = ({
  records,
  ids,
  revoke,
  refusals,
}: {
  records: Records;
  ids: Ids;
  revoke: RevokeTokens;
  refusals: Pick<Refusals, 'note'>;
}): ManageTokens => {
  const matchOf = ({ user, client, token }: TokenFilter) => ({
    ...(user ? { user } : {}),
    ...(client ? { peer: client } : {}),
    ...(token ? { sys_id: token } : {}),
  });
  const endFormer = (clientSysId: string): Promise<void> =>
    records.write(async (transaction) => {
      const within = records.within(transaction);
      for (const { sys_id: sysId = '' } of await within.findBy(
        'oauth_retired_secret',
        { oauth_entity: clientSysId },
        { forUpdate: true },
      ))
        await within.remove(systemCaller, 'oauth_retired_secret', sysId);
      await within.update(systemCaller, 'oauth_entity', clientSysId, { former_secret_until: null, former_secret_used: null });
    });
  const mayDoAll = (caller: Caller): boolean => hasRole(caller, 'oauth_admin');
  return {
    async list(caller, filter, page) {
      const asked = mayDoAll(caller) ? filter : { ...filter, user: caller.userSysId };
      const terms = Object.entries(matchOf(asked)).map(([element, sysId]) => `${element}=${sysId}`);
      const order = ['ORDERBYDESCsys_created_on', 'ORDERBYDESCsys_id'];
      return (await records.find('oauth_credential', [...terms, ...order].join('^'), page)).map(shown);
    },

    async revoke(caller, filter, transactionId) {
      const asked = mayDoAll(caller) ? filter : { ...filter, user: caller.userSysId };
      if (filter.user !== undefined && asked.user !== filter.user) throw forbidden('oauth.revoke_forbidden');
      if (!filter.user && !filter.client && !filter.token) {
        throw new Fault('bad_request', 'oauth.revoke_unnamed', 'Nothing to revoke', {
          explanation: 'Name a user, a client or a token',
        });
      }
      let ended: Row[] = [];
      if (filter.token) {
        const [row] = await records.findBy('oauth_credential', matchOf(asked), { limit: 1 });
        if (row === undefined)
          throw new Fault('not_found', 'oauth.token_not_found', 'No Record found', {
            explanation: "Record doesn't exist or ACL restricts the record retrieval",
          });
        ended = row.type === 'refresh_token' ? await revoke.family(row.family ?? '') : await revoke.row(row.sys_id ?? '');
      } else ended = await revoke.matching(asked);
      for (const row of ended) {
        const { peer: entity, user: userSysId, token_fingerprint: tokenFingerprint } = row;
        refusals.note({
          reason: 'token_revoked',
          leg: 'manage',
          transactionId,
          entity,
          userSysId,
          tokenFingerprint,
          detail: `by ${caller.userName}`,
        });
      }
      return ended.length;
    },

    async replaceSecret(caller, clientSysId, { endsFormer }) {
      if (!hasRole(caller, 'oauth_admin', 'mi_admin')) throw forbidden('oauth.secret_forbidden');
      const [row] = await records.findBy('oauth_entity', { sys_id: clientSysId }, { limit: 1 });
      const client = row === undefined ? undefined : clientOf(row, []);
      if (client === undefined || client.isPublic) {
        throw new Fault('bad_request', 'oauth.secret_unwanted', 'This record has no secret of ours', {
          explanation: 'Only a confidential OAuth Client has one',
        });
      }
      const secret = ids.randomHex(32);
      await records.update(caller, client.className, clientSysId, { client_secret: secret });
      if (endsFormer) await endFormer(clientSysId);
      return secret;
    },
  };
};
