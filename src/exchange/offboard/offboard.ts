// Ends a connection: says first what would go, tells the peer, revokes tokens, and only then removes the records of this side. Records that
// came through the connection stay: the receiver owns its copy. Must not lose what waits without being told to, nor more than was exported.
import { Fault, isFault } from '../../kit/fault.ts';
import type { Outbound } from '../../kit/outbound.ts';
import { systemCaller } from '../../records/caller.ts';
import type { Records, Row } from '../../records/records.ts';
import type { Transaction, Value } from '../../store/store.ts';
import { recordsOf, removeConnection } from '../connection/remove_connection.ts';
import type { TokenClient } from '../credential/token_client.ts';
import { undeliveredSql } from '../reprocess/filter.ts';
import { countVariables, type Doomed, deleteTasks, findDoomed } from './delete_tasks.ts';
import { releasedTables, releaseTasks } from './release_tasks.ts';

export const farewellPath = '/api/sn_sb/exchange/v1/farewell';

export interface OffboardParts {
  records: Records;
  outbound: Outbound;
  tokens: TokenClient;
  /** Ends every token that the peer holds for this instance. */
  revokeTokens: (match: { client: string }) => Promise<unknown>;
  changed: (connection: string) => void;
}

export interface OffboardPlan {
  readonly connection_id: string;
  /** Table → rows that would go. */
  readonly removes: Readonly<Record<string, number>>;
  /** Table → rows that stay, without the connection: disconnected tasks, retired definitions. */
  readonly releases: Readonly<Record<string, number>>;
  /** Messages to the peer that it has not got. */
  readonly undelivered: number;
  readonly applied: boolean;
  /** It was told just now, or has ended its half before. */
  readonly peer_told: boolean;
}

export interface OffboardOptions {
  readonly dryRun: boolean;
  readonly dropUndelivered: boolean;
  /** Tasks of the connection, and at a consumer what was offered, go as well. */
  readonly deleteTasks: boolean;
  /** What somebody has exported of the undelivered messages: how many, and the sys_id of the newest. Others are not dropped. */
  readonly exported?: { readonly rows: number; readonly newest: string };
}

export interface Offboard {
  /** Throws `exchange.undelivered` where messages wait that may not be dropped. */
  run(connection: Row, options: OffboardOptions): Promise<OffboardPlan>;
  /** The peer has ended it: nothing is sent any more, and an administrator removes what is left. */
  farewell(connection: Row): Promise<void>;
}

const transportTables = ['sn_transport_queue', 'sn_transport_lane', 'sn_transport_attempt', 'sn_transport_profile'];

const countOf = async ({ dialect, ...transaction }: Transaction, table: string, connection: string): Promise<number> => {
  const sql = `SELECT count(*) FROM ${dialect.name(table)} WHERE connection = ${dialect.parameter(1)}`;
  return Number((await transaction.read(sql, [connection]))[0]?.[0] ?? 0);
};

interface Undelivered {
  readonly rows: number;
  /** sys_id, '' where there is none. */
  readonly newest: string;
}

const undeliveredOf = async ({ dialect, ...transaction }: Transaction, connection: string): Promise<Undelivered> => {
  const rows: Value[][] = await transaction.read(
    `SELECT count(*), max(q.sys_id) FROM sn_transport_queue q WHERE q.connection = ${dialect.parameter(1)} AND ${undeliveredSql}`,
    [connection],
  );
  return { rows: Number(rows[0]?.[0] ?? 0), newest: String(rows[0]?.[1] ?? '') };
};

const refusal = (explanation: string): Fault =>
  new Fault('conflict', 'exchange.undelivered', 'Messages wait that the peer has not got', { explanation });

/** Throws `exchange.undelivered`. */
const requireDroppable = (now: Undelivered, { dropUndelivered, exported }: OffboardOptions): void => {
  if (now.rows === 0) return;
  if (!dropUndelivered)
    throw refusal(
      `${now.rows} messages would be lost. Deliver them, or say that they may be dropped (--drop-undelivered; --export keeps them in a file).`,
    );
  if (exported && (now.rows > exported.rows || now.newest > exported.newest))
    throw refusal('There are messages that were not there when the others were exported. Export them again.');
};

export const makeOffboard = (parts: OffboardParts): Offboard => {
  const { records } = parts;

  const planOf = async (
    transaction: Transaction,
    connection: Row,
    { deleteTasks: isDeleting }: OffboardOptions,
  ): Promise<Pick<OffboardPlan, 'removes' | 'releases'>> => {
    const sysId = connection.sys_id ?? '';
    const [removes, releases] = [new Map<string, number>(), new Map<string, number>()];
    for (const { table } of await recordsOf(records.within(transaction), connection))
      removes.set(table, (removes.get(table) ?? 0) + 1);
    for (const table of transportTables) removes.set(table, await countOf(transaction, table, sysId));
    for (const table of releasedTables) (isDeleting ? removes : releases).set(table, await countOf(transaction, table, sysId));
    if (isDeleting) removes.set('item_option_new', await countVariables(transaction, sysId));
    return { removes: Object.fromEntries(removes), releases: Object.fromEntries(releases) };
  };

  const tellPeer = async (connection: Row): Promise<boolean> => {
    try {
      const token = await parts.tokens.token(connection);
      const answer = await parts.outbound.send({
        url: `${connection.peer_url}${farewellPath}`,
        method: 'POST',
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json', accept: 'application/json' },
        body: '{}',
      });
      return answer.status === 200;
    } catch (error) {
      // The peer may be gone for good: it learns of it when it next calls.
      if (isFault(error)) return false;
      throw error;
    }
  };

  return {
    async run(connection, options) {
      const sysId = connection.sys_id ?? '';
      const [plan, waiting] = await records.write(async (transaction) => [
        await planOf(transaction, connection, options),
        await undeliveredOf(transaction, sysId),
      ]);
      const answer = { connection_id: connection.connection_id ?? '', ...plan, undelivered: waiting.rows };
      if (options.dryRun) return { ...answer, applied: false, peer_told: false };
      requireDroppable(waiting, options);
      const isTold =
        connection.state === 'offboarded_by_peer' || (connection.state === 'onboarded' && (await tellPeer(connection)));
      await parts.revokeTokens({ client: connection.inbound_client ?? '' });
      const doomed = await records.write(async (transaction) => {
        requireDroppable(await undeliveredOf(transaction, sysId), options);
        const found: Doomed[] = options.deleteTasks ? await findDoomed(transaction, sysId) : [];
        await releaseTasks(transaction, { sysId, number: connection.connection_id ?? '' });
        await removeConnection({ records }, transaction, connection);
        return found;
      });
      parts.changed(sysId);
      // After the end of the connection, in portions: where this is cut short the tasks that are left stay, disconnected.
      await deleteTasks(records, doomed);
      return { ...answer, applied: true, peer_told: isTold };
    },
    async farewell(connection) {
      await records.write(async (transaction) => {
        const within = records.within(transaction);
        await within.update(systemCaller, 'sn_sb_connection', connection.sys_id ?? '', { state: 'offboarded_by_peer' });
      });
      parts.changed(connection.sys_id ?? '');
    },
  };
};
