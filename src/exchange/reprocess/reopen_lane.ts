// Lets a lane go on after rows of it were made Ready or Skipped by a person. Order stays as it was wherever the peer can still keep it.
import type { Transaction } from '../../store/store.ts';

interface LaneRow {
  last: number;
  done: number;
  peer: number;
}

const lockLane = async ({ dialect, ...transaction }: Transaction, lane: string): Promise<LaneRow | undefined> => {
  const [row] = await transaction.read(
    `SELECT last_seq, done_seq, peer_seq FROM sn_transport_lane WHERE sys_id = ${dialect.parameter(1)} AND direction = 'outbound'${dialect.forUpdate}`,
    [lane],
  );
  return row ? { last: Number(row[0]), done: Number(row[1]), peer: Number(row[2]) } : undefined;
};

/** The peer has later messages of the lane already: all that waits gets new numbers behind them, in the order it has. */
const renumber = async ({ dialect, ...transaction }: Transaction, lane: string, from: number, base: number): Promise<number> => {
  const p = dialect.parameter;
  const rows = await transaction.read(
    `SELECT sys_id FROM sn_transport_queue WHERE lane = ${p(1)} AND seq >= ${p(2)} AND state IN ('ready', 'error') ORDER BY seq`,
    [lane, from],
  );
  let seq = base;
  for (const [id] of rows) {
    seq += 1;
    await transaction.run(`UPDATE sn_transport_queue SET seq = ${p(2)} WHERE sys_id = ${p(1)}`, [id ?? '', seq]);
  }
  await transaction.run(`UPDATE sn_transport_lane SET last_seq = ${p(2)} WHERE sys_id = ${p(1)}`, [lane, seq]);
  return base + 1;
};

/**
 * `changed`: the rows of this lane that were made Ready (`isReady`) or Skipped. `isKnownToPeer`: the peer stored it once, and will know
 * it again whatever its number.
 */
export const reopenLane = async (
  transaction: Transaction,
  lane: string,
  changed: readonly { seq: number; isReady: boolean; isKnownToPeer: boolean }[],
  now: number,
): Promise<void> => {
  const row = await lockLane(transaction, lane);
  if (!row) return;
  const { dialect } = transaction;
  const p = dialect.parameter;
  const ready = changed.filter(({ isReady }) => isReady);
  let first = Math.min(...ready.map(({ seq }) => seq), row.done + 1);
  const overtaken = ready.filter(({ seq, isKnownToPeer }) => !isKnownToPeer && seq <= row.peer);
  if (overtaken.length > 0) {
    const from = Math.min(...overtaken.map(({ seq }) => seq));
    const moved = await renumber(transaction, lane, from, Math.max(row.last, row.peer));
    first = Math.min(...ready.filter(({ seq }) => seq < from).map(({ seq }) => seq), row.done + 1, moved);
  }
  const [blocked] = await transaction.read(
    `SELECT min(seq) FROM sn_transport_queue WHERE lane = ${p(1)} AND state = 'error' AND error_class IN ('permanent', 'transient', 'auth')
       AND seq >= ${p(2)}`,
    [lane, first],
  );
  // Claims put right what this cannot know: a lane with nothing to send rests or is held after its next turn.
  await transaction.run(
    `UPDATE sn_transport_lane SET done_seq = ${p(2)}, error_seq = ${p(3)}, failures = 0, due_at = CASE WHEN state = 'leased' THEN due_at ELSE ${p(4)} END,
       state = CASE WHEN state = 'leased' THEN state ELSE 'waiting' END WHERE sys_id = ${p(1)}`,
    [lane, first - 1, Number(blocked?.[0] ?? 0), now],
  );
};
