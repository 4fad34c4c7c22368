// Puts lanes right after one side has lost what the other remembers: sends again what the peer lacks, and goes on behind what the peer has from
// here already. Each statement may be repeated; none touches the network.
import { wireMoment } from '../../kit/clock.ts';
import type { Transaction, Value } from '../../store/store.ts';
import { type MessageKind, rankOf } from '../message.ts';
import { laneId } from '../queue_ids.ts';
import { isOneOf } from '../recordset.ts';

interface Mark {
  readonly last: number;
  readonly peer: number;
  readonly rank: number;
  readonly isLeased: boolean;
}

const lock = async ({ dialect, ...transaction }: Transaction, lane: string): Promise<Mark | undefined> => {
  const [row] = await transaction.read(
    `SELECT last_seq, peer_seq, lane_rank, state FROM sn_transport_lane WHERE sys_id = ${dialect.parameter(1)}${dialect.forUpdate}`,
    [lane],
  );
  return row && { last: Number(row[0]), peer: Number(row[1]), rank: Number(row[2]), isLeased: row[3] === 'leased' };
};

/** What came after `have` is sent again, as far as it is kept. True where something was amiss. Beats of old are not worth it. */
export const sendAgainFrom = async (
  transaction: Transaction,
  connection: string,
  { name, have }: { name: string; have: number },
  now: number,
): Promise<boolean> => {
  const { dialect } = transaction;
  const p = dialect.parameter;
  const lane = laneId(connection, 'outbound', name);
  const mark = await lock(transaction, lane);
  // Of a lane that is under way the answer says the same.
  if (!mark || mark.isLeased || mark.peer <= have) return false;
  if (mark.rank === 0) {
    await transaction.run(`UPDATE sn_transport_lane SET peer_seq = ${p(2)} WHERE sys_id = ${p(1)}`, [lane, have]);
    return true;
  }
  await transaction.run(
    `UPDATE sn_transport_queue SET state = 'ready', peer_ack_at = NULL, sys_updated_on = ${p(3)}
     WHERE lane = ${p(1)} AND seq > ${p(2)} AND state IN ('sent', 'processed')`,
    [lane, have, wireMoment(now)],
  );
  await transaction.run(
    `UPDATE sn_transport_lane SET done_seq = CASE WHEN done_seq > ${p(2)} THEN ${p(2)} ELSE done_seq END, peer_seq = ${p(2)},
       gap_count = gap_count + 1, failures = 0, due_at = ${p(3)}, state = 'waiting' WHERE sys_id = ${p(1)}`,
    [lane, have, now],
  );
  return true;
};

const rankOfLane = (name: string): number => {
  const kinds: readonly MessageKind[] = ['heartbeat', 'ack', 'config'];
  return rankOf(kinds.find((kind) => kind === name) ?? (name.startsWith('attachment:') ? 'attachment' : 'record'));
};

/**
 * The peer has this lane up to `stored`, and this side remembers less: what waits goes behind it, in its order. Answers how many numbers the peer
 * has that are unknown here. For a lane that nothing is sent on meanwhile.
 */
export const goOnBehind = async (
  transaction: Transaction,
  connection: string,
  { name, stored }: { name: string; stored: number },
  now: number,
): Promise<number> => {
  const { dialect } = transaction;
  const p = dialect.parameter;
  const lane = laneId(connection, 'outbound', name);
  const mark = await lock(transaction, lane);
  if (!mark) {
    const columns = 'due_at, done_seq, error_seq, failures, goes_alone, waiting_since, gap_count, last_seq, peer_seq';
    await transaction.run(
      `INSERT INTO sn_transport_lane (sys_id, connection, direction, name, lane_rank, state, ${columns}, sys_created_on)
       VALUES (${p(1)}, ${p(2)}, 'outbound', ${p(3)}, ${p(4)}, 'idle', 0, ${p(5)}, 0, 0, 0, 0, 1, ${p(5)}, ${p(5)}, ${p(6)}) ON CONFLICT DO NOTHING`,
      [lane, connection, name, rankOfLane(name), stored, wireMoment(now)],
    );
    return stored;
  }
  if (mark.peer >= stored) return 0;
  const rows = await transaction.read(
    `SELECT sys_id, state FROM sn_transport_queue WHERE lane = ${p(1)} AND state IN ('ready', 'running', 'error') ORDER BY seq`,
    [lane],
  );
  const base = Math.max(mark.last, stored);
  const ids: Value[] = rows.map(([id]) => id ?? '');
  await transaction.run(
    `UPDATE sn_transport_queue SET state = 'ready', lease_until = NULL WHERE sys_id ${isOneOf(dialect, 1)} AND state = 'running'`,
    [JSON.stringify(ids)],
  );
  for (const [at, id] of ids.entries())
    await transaction.run(`UPDATE sn_transport_queue SET seq = ${p(2)} WHERE sys_id = ${p(1)}`, [id, base + at + 1]);
  const blocked = rows.findIndex(([, state]) => state === 'error');
  await transaction.run(
    `UPDATE sn_transport_lane SET last_seq = ${p(2)}, done_seq = ${p(3)}, peer_seq = ${p(4)}, error_seq = ${p(5)}, gap_count = gap_count + 1,
       failures = 0, lease = NULL, due_at = ${p(6)}, state = '${rows.length === 0 ? 'idle' : blocked === 0 ? 'held' : 'waiting'}' WHERE sys_id = ${p(1)}`,
    [lane, base + rows.length, base, stored, blocked < 0 ? 0 : base + blocked + 1, now],
  );
  return stored - mark.peer;
};
