// Ends a connection: says first what would go, tells the peer, revokes tokens, and only then removes the records of this side. Records that
// came through the connection stay: the receiver owns its copy. Must not lose what waits without being told to.
import { Fault, isFault } from '../../kit/fault.ts';
import type { Outbound } from '../../kit/outbound.ts';
import { systemCaller } from '../../records/caller.ts';
import type { Records, Row } from '../../records/records.ts';
import type { Transaction, Value } from '../../store/store.ts';
import { recordsOf, removeConnection } from '../connection/connection_records.ts';
import type { TokenClient } from '../credential/token_client.ts';
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
  readonly peer_told: boolean;
}

export interface Offboard {
  /** Throws `exchange.undelivered` where messages wait and `dropUndelivered` was not said. */
  run(connection: Row, options: { dryRun: boolean; dropUndelivered: boolean }): Promise<OffboardPlan>;
  /** The peer has ended it: nothing is sent any more, and an administrator removes what is left. */
  farewell(connection: Row): Promise<void>;
}

const transportTables = ['sn_transport_queue', 'sn_transport_lane', 'sn_transport_attempt', 'sn_transport_profile'];

const countOf = async (
  { dialect, ...transaction }: Transaction,
  table: string,
  connection: string,
  where = '',
): Promise<number> => {
  const rows: Value[][] = await transaction.read(
    `SELECT count(*) FROM ${dialect.name(table)} WHERE connection = ${dialect.parameter(1)}${where}`,
    [connection],
  );
  return Number(rows[0]?.[0] ?? 0);
};

export const makeOffboard = (parts: OffboardParts): Offboard => {
  const { records } = parts;

  const planOf = (
    transaction: Transaction,
    connection: Row,
  ): Promise<Pick<OffboardPlan, 'removes' | 'releases' | 'undelivered'>> =>
    (async () => {
      const sysId = connection.sys_id ?? '';
      const removes = new Map<string, number>();
      for (const { table } of await recordsOf(records.within(transaction), connection))
        removes.set(table, (removes.get(table) ?? 0) + 1);
      for (const table of transportTables) removes.set(table, await countOf(transaction, table, sysId));
      const releases = new Map<string, number>();
      for (const table of releasedTables) releases.set(table, await countOf(transaction, table, sysId));
      const open = ` AND direction = 'outbound' AND state IN ('ready', 'running', 'sent', 'error') AND kind NOT IN ('heartbeat', 'ack')`;
      return {
        removes: Object.fromEntries(removes),
        releases: Object.fromEntries(releases),
        undelivered: await countOf(transaction, 'sn_transport_queue', sysId, open),
      };
    })();

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
    async run(connection, { dryRun, dropUndelivered }) {
      const sysId = connection.sys_id ?? '';
      const plan = await records.write((transaction) => planOf(transaction, connection));
      const answer = { connection_id: connection.connection_id ?? '', ...plan };
      if (dryRun) return { ...answer, applied: false, peer_told: false };
      if (plan.undelivered > 0 && !dropUndelivered) {
        throw new Fault('conflict', 'exchange.undelivered', 'Messages wait that the peer has not got', {
          explanation: `${plan.undelivered} messages would be lost. Deliver or export them, or say that they may be dropped (--drop-undelivered).`,
        });
      }
      const isTold = connection.state === 'onboarded' && (await tellPeer(connection));
      await parts.revokeTokens({ client: connection.inbound_client ?? '' });
      await records.write(async (transaction) => {
        const now = await planOf(transaction, connection);
        if (now.undelivered > plan.undelivered && !dropUndelivered)
          throw new Fault('conflict', 'exchange.undelivered', 'Messages wait that the peer has not got');
        await releaseTasks(transaction, { sysId, number: connection.connection_id ?? '' });
        await removeConnection({ records }, transaction, connection);
      });
      parts.changed(sysId);
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
