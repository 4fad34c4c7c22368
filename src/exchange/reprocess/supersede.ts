// A pair that begins anew, or goes on after a pause, says all that the peer lacks in one message: what still waits of it, or was refused, is
// not sent any more and no longer holds the lane. In the transaction of the message that takes its place.
import { type Clock, wireMoment } from '../../kit/clock.ts';
import type { Transaction } from '../../store/store.ts';
import { laneId } from '../queue_ids.ts';
import { isOneOf } from '../recordset.ts';
import type { Enqueue } from '../seams.ts';
import { reopenLane } from './reopen_lane.ts';

/** Answers the payloads of what is not sent any more. */
export type Supersede = (
  transaction: Transaction,
  lane: { connection: string; name: string },
  /** `records`: entries of journals are kept, and those that were refused are sent again. */
  what: 'all' | 'records',
) => Promise<readonly unknown[]>;

export const makeSupersede =
  ({ clock, enqueue, wake }: { clock: Clock; enqueue: Enqueue; wake: (connection: string) => void }): Supersede =>
  async (transaction, { connection, name }, what) => {
    const { dialect } = transaction;
    const p = dialect.parameter;
    const lane = laneId(connection, 'outbound', name);
    const rows = await transaction.read(
      `SELECT sys_id, seq, kind, state, peer_ack_at, payload FROM sn_transport_queue WHERE lane = ${p(1)} AND state IN ('ready', 'error')
       ORDER BY seq${dialect.forUpdate}`,
      [lane],
    );
    const isSuperseded = (kind: unknown): boolean => what === 'all' || kind === 'record';
    const dropped = rows.filter(([, , kind]) => isSuperseded(kind));
    const mended = rows.filter(([, , kind, state]) => !isSuperseded(kind) && state === 'error');
    if (dropped.length + mended.length === 0) return [];
    const now = wireMoment(clock.now());
    const move = (some: typeof rows, state: 'skipped' | 'ready') =>
      transaction.run(
        `UPDATE sn_transport_queue SET state = '${state}', error_class = NULL, error_code = NULL, next_attempt_at = NULL, sys_updated_on = ${p(2)}
         WHERE sys_id ${isOneOf(dialect, 1)}`,
        [JSON.stringify(some.map(([id]) => id)), now],
      );
    if (dropped.length > 0) await move(dropped, 'skipped');
    if (mended.length > 0) await move(mended, 'ready');
    const changed = [
      ...dropped.map(([, seq]) => ({ seq: Number(seq), isReady: false, isKnownToPeer: true })),
      ...mended.map(([, seq, , , ack]) => ({ seq: Number(seq), isReady: true, isKnownToPeer: Boolean(ack) })),
    ];
    await reopenLane(transaction, lane, changed, clock.now());
    const stored = dropped.filter(([, , , , ack]) => Boolean(ack)).map(([id]) => String(id));
    if (stored.length > 0) await enqueue(transaction, { connection, kind: 'ack', operation: 'skip', payload: { ids: stored } });
    transaction.afterCommit(() => wake(connection));
    return dropped.map(([, , , , , payload]) => JSON.parse(String(payload)) as unknown);
  };
