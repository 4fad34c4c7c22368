// Writes tokens down and hands them out. The same client, user and scope get the token that is already out, with its life renewed.
import type { Clock } from '../kit/clock.ts';
import { wireMoment } from '../kit/clock.ts';
import { sha256Hex } from '../kit/fingerprint.ts';
import type { Ids } from '../kit/ids.ts';
import { systemCaller } from '../records/caller.ts';
import type { Records, RecordsInTransaction } from '../records/records.ts';
import type { IssuedTokens } from './answer.ts';
import type { Client } from './client.ts';
import { type Credential, credentialOf, isLive, rowOf, secondsLeft } from './credential.ts';
import { isDuplicate } from './is_duplicate.ts';
import type { Draft, Minting } from './minting.ts';
import { type GrantedScope, splitScope } from './scope.ts';

export const credentialTable = 'oauth_credential';

export interface TokenOrder {
  client: Client;
  userSysId: string;
  /** The `sub` of a JWT-format token. */
  subject: string;
  scope: GrantedScope;
  grantType: string;
  withRefresh: boolean;
  /** Given by the authorization code: its tokens stand apart, so that replaying the code can take back exactly them. */
  family?: string;
  /** Runs inside the transaction, before anything is written; throws to stop it. */
  guard?: (within: RecordsInTransaction) => Promise<void>;
}

interface Drafts {
  access: Draft;
  refresh: Draft | undefined;
  family: string;
}

/** Puts a renewed or a new row of one kind into the family and answers its token. */
const place = async (
  within: RecordsInTransaction,
  minting: Minting,
  order: TokenOrder & {
    kind: 'access' | 'refresh';
    live: Credential | undefined;
    draft: Draft;
    family: string;
    reuseKey: string | null;
  },
): Promise<{ token: string; expiresMs: number }> => {
  const { live, draft, client } = order;
  const token = live === undefined ? undefined : minting.again(live);
  if (live !== undefined && token !== undefined) {
    const expiresMs = Math.max(live.expiresMs, draft.expiresMs);
    if (expiresMs > live.expiresMs)
      await within.update(systemCaller, credentialTable, live.sysId, { expires: wireMoment(expiresMs) });
    return { token, expiresMs };
  }
  const format = order.kind === 'access' ? client.tokenFormat : 'opaque';
  await within.insert(
    systemCaller,
    credentialTable,
    rowOf({ ...order, ...draft, clientSysId: client.sysId, clientName: client.name, format }),
  );
  return draft;
};

export const makeIssueTokens = ({
  records,
  clock,
  ids,
  minting,
}: {
  records: Records;
  clock: Clock;
  ids: Ids;
  minting: Minting;
}): ((order: TokenOrder) => Promise<IssuedTokens>) => {
  const reuseKeyOf = (order: TokenOrder): string | null =>
    // A JWT says inside when it ends, so the same string cannot be given a longer life.
    order.family !== undefined || order.client.tokenFormat === 'jwt'
      ? null
      : sha256Hex(
          [order.client.sysId, order.userSysId, order.grantType, splitScope(order.scope.text).sort().join(' ')].join('\0'),
        );

  const write = (order: TokenOrder, drafts: Drafts, reuseKey: string | null): Promise<IssuedTokens> =>
    records.write(async (transaction) => {
      const within = records.within(transaction);
      await order.guard?.(within);
      const [holder] =
        reuseKey === null ? [] : await within.findBy(credentialTable, { reuse_key: reuseKey }, { forUpdate: true });
      let live = holder === undefined ? undefined : credentialOf(holder);
      // A token that cannot be said again (another instance key) makes way like one that has ended.
      if (live !== undefined && (!isLive(live, clock) || minting.again(live) === undefined)) {
        await within.update(systemCaller, credentialTable, live.sysId, { reuse_key: null });
        live = undefined;
      }
      const family = live?.family ?? drafts.family;
      const access = await place(within, minting, { ...order, kind: 'access', live, draft: drafts.access, family, reuseKey });
      const answer = {
        accessToken: access.token,
        scope: order.scope.text,
        expiresInSeconds: secondsLeft(access.expiresMs, clock),
      };
      if (drafts.refresh === undefined) return answer;
      const liveRefresh = (live === undefined ? [] : await within.findBy(credentialTable, { family, type: 'refresh_token' }))
        .map(credentialOf)
        .find((credential) => isLive(credential, clock));
      const refresh = await place(within, minting, {
        ...order,
        kind: 'refresh',
        live: liveRefresh,
        draft: drafts.refresh,
        family,
        reuseKey: null,
      });
      return { ...answer, refreshToken: refresh.token };
    });

  return async (order) => {
    const reuseKey = reuseKeyOf(order);
    const drafts: Drafts = {
      access: await minting.access({ ...order, scope: order.scope.text }),
      refresh: order.withRefresh ? minting.refresh(order.client) : undefined,
      family: order.family ?? ids.sysId(),
    };
    try {
      return await write(order, drafts, reuseKey);
    } catch (error) {
      // Another request made the token between our look and our insert: the second look finds it.
      if (!isDuplicate(error)) throw error;
      return write(order, drafts, reuseKey);
    }
  };
};
