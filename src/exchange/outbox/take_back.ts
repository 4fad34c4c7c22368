// Lanes whose worker is gone: their lease has ended, or the same worker has started anew. Their rows become Ready again.
import type { Transaction } from '../../store/store.ts';
import { isOneOf } from '../recordset.ts';

const release = async (
  { dialect, ...transaction }: Transaction,
  where: string,
  parameters: readonly (string | number)[],
  now: number,
): Promise<number> => {
  const taken = await transaction.read(
    `UPDATE sn_transport_lane SET state = 'waiting', due_at = ${now}, lease = NULL
     WHERE direction = 'outbound' AND state = 'leased' AND ${where} RETURNING sys_id`,
    parameters,
  );
  if (taken.length === 0) return 0;
  await transaction.run(
    `UPDATE sn_transport_queue SET state = 'ready', lease_until = NULL WHERE sys_id IN (
       SELECT q.sys_id FROM sn_transport_lane l JOIN sn_transport_queue q ON q.lane = l.sys_id
       WHERE l.sys_id ${isOneOf(dialect, 1)} AND q.seq > l.done_seq AND q.seq <= l.done_seq + 1000 AND q.state = 'running')`,
    [JSON.stringify(taken.map(([id]) => id))],
  );
  return taken.length;
};

/** Answers the number of lanes. */
export const takeBackExpired = (transaction: Transaction, connection: string, now: number): Promise<number> => {
  const { parameter } = transaction.dialect;
  return release(transaction, `connection = ${parameter(1)} AND due_at <= ${parameter(2)}`, [connection, now], Math.trunc(now));
};

/** At start: what this very worker held when it was killed. `worker` is part of every lease it takes. */
export const takeBackOwn = (transaction: Transaction, worker: string, now: number): Promise<number> => {
  const { parameter } = transaction.dialect;
  // By connection, as the index goes: without it all lanes would be read at each start.
  const byIndex = 'connection IN (SELECT sys_id FROM sn_transport_profile)';
  return release(
    transaction,
    `${byIndex} AND substr(lease, 1, ${worker.length + 1}) = ${parameter(1)}`,
    [`${worker}/`],
    Math.trunc(now),
  );
};
