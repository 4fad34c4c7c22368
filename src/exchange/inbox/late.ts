// Applies the messages that were kept because they could not be applied at once, lane by lane, and tells the sender what came of each:
// the acknowledgement goes onto the queue in the transaction of the effect.
import { type Clock, wireMoment } from '../../kit/clock.ts';
import type { LocalhostLog } from '../../kit/localhost_log.ts';
import type { Properties } from '../../records/properties.ts';
import type { Store, Transaction } from '../../store/store.ts';
import type { RowResult } from '../carriers/carrier.ts';
import { claimOrder } from '../outbox/claim.ts';
import { type Queued, queuedColumns, readQueued } from '../queue_row.ts';
import type { ConnectionBook, ConnectionView, Enqueue } from '../seams.ts';
import { backoffMs } from '../settle/backoff.ts';
import { storedDetail } from '../settle/settle.ts';
import { readTransportSettings } from '../transport_settings.ts';
import { type Appliers, applyOne, refusalOf } from './applying.ts';

export interface LateParts {
  store: Store;
  clock: Clock;
  random: () => number;
  log: LocalhostLog;
  properties: Properties;
  book: ConnectionBook;
  appliers: Appliers;
  enqueue: Enqueue;
}

const lanesAtOnce = 50;

/** The lane, locked, with its first message; undefined when nothing is due there. */
const lockHead = async ({ dialect, ...transaction }: Transaction, lane: string, now: number): Promise<Queued | undefined> => {
  const p = dialect.parameter;
  const [due] = await transaction.read(
    `SELECT done_seq FROM sn_transport_lane WHERE sys_id = ${p(1)} AND state = 'waiting' AND due_at <= ${p(2)}${dialect.forUpdate}`,
    [lane, now],
  );
  if (!due) return undefined;
  const [row] = await transaction.read(
    `SELECT ${queuedColumns} FROM sn_transport_lane l JOIN sn_transport_queue q ON q.lane = l.sys_id
     WHERE l.sys_id = ${p(1)} AND q.seq > l.done_seq AND q.state = 'ready' ORDER BY q.seq LIMIT 1`,
    [lane],
  );
  if (row) return readQueued(row);
  await transaction.run(`UPDATE sn_transport_lane SET state = 'idle', done_seq = last_seq WHERE sys_id = ${p(1)}`, [lane]);
  return undefined;
};

const finishRow = async (
  { dialect, ...transaction }: Transaction,
  queued: Queued,
  result: { state: 'processed' | 'error'; code: string | null; detail: string | null },
  now: number,
): Promise<void> => {
  const p = dialect.parameter;
  const isError = result.state === 'error';
  await transaction.run(
    `UPDATE sn_transport_queue SET state = '${result.state}', error_class = ${isError ? "'permanent'" : 'NULL'}, error_code = ${p(2)},
       error_detail = ${p(3)}, attempts = attempts + 1, sys_updated_on = ${p(4)} WHERE sys_id = ${p(1)}`,
    [queued.row, result.code, result.detail, wireMoment(now)],
  );
  await transaction.run(
    isError
      ? `UPDATE sn_transport_lane SET state = 'held', error_seq = ${p(2)} WHERE sys_id = ${p(1)}`
      : `UPDATE sn_transport_lane SET failures = 0, done_seq = ${p(2)}, state = CASE WHEN last_seq > ${p(2)} THEN 'waiting' ELSE 'idle' END WHERE sys_id = ${p(1)}`,
    [queued.laneRow, queued.message.seq],
  );
};

export const makeLate = (parts: LateParts) => {
  const { store, clock, log, book, appliers, enqueue, properties } = parts;

  const acknowledge = async (transaction: Transaction, queued: Queued, result: RowResult): Promise<void> => {
    // An acknowledgement is never acknowledged.
    if (queued.message.kind === 'ack') return;
    await enqueue(transaction, {
      connection: queued.message.connection,
      kind: 'ack',
      operation: 'outcomes',
      payload: { results: [result] },
    });
  };

  const refuse = (queued: Queued, refusal: { code: string; detail: string }): Promise<void> =>
    store.write(async (transaction) => {
      const [code, detail] = [refusal.code.slice(0, 100), storedDetail(refusal.detail)];
      await finishRow(transaction, queued, { state: 'error', code, detail }, clock.now());
      await acknowledge(transaction, queued, { id: queued.message.messageId, outcome: 'refused', code, detail });
    });

  const postpone = async (queued: Queued, error: unknown): Promise<void> => {
    const settings = await readTransportSettings(properties);
    const { messageId, createdAt } = queued.message;
    if (clock.now() - createdAt > settings.retentionMs) {
      return refuse(queued, {
        code: 'exchange.apply_failed',
        detail: 'The receiver could not apply the message within the time it keeps trying',
      });
    }
    log.write({
      level: 'warning',
      text: `Exchange: message ${messageId} could not be applied yet: ${(error as Error)?.message ?? String(error)}`,
    });
    await store.write(async ({ dialect, ...transaction }) => {
      const p = dialect.parameter;
      const [lane] = await transaction.read(`SELECT failures FROM sn_transport_lane WHERE sys_id = ${p(1)}${dialect.forUpdate}`, [
        queued.laneRow,
      ]);
      const failures = Number(lane?.[0] ?? 0) + 1;
      const dueAt = clock.now() + backoffMs(settings.backoffMs, failures, parts.random());
      await transaction.run(`UPDATE sn_transport_lane SET failures = ${p(2)}, due_at = ${p(3)} WHERE sys_id = ${p(1)}`, [
        queued.laneRow,
        failures,
        dueAt,
      ]);
      await transaction.run(
        `UPDATE sn_transport_queue SET attempts = attempts + 1, next_attempt_at = ${p(2)} WHERE sys_id = ${p(1)}`,
        [queued.row, wireMoment(dueAt)],
      );
    });
  };

  /** True while the lane may have more. */
  const applyNext = async (lane: string, connection: ConnectionView): Promise<boolean> => {
    let head: Queued | undefined;
    try {
      return await store.write(async (transaction) => {
        const now = clock.now();
        head = await lockHead(transaction, lane, now);
        if (!head) return false;
        const outcome = await applyOne(appliers, transaction, head.message, connection);
        const ignored = outcome.outcome === 'ignored' ? storedDetail(outcome.reason) : null;
        await finishRow(
          transaction,
          head,
          { state: 'processed', code: ignored === null ? null : 'exchange.ignored', detail: ignored },
          now,
        );
        await acknowledge(transaction, head, { id: head.message.messageId, ...outcome });
        return true;
      });
    } catch (error) {
      if (!head) throw error;
      const refusal = refusalOf(error);
      await (refusal ? refuse(head, refusal) : postpone(head, error));
      return false;
    }
  };

  return {
    /** Applies what is due of a connection. Answers when nothing more is. */
    async run(connectionId: string): Promise<void> {
      const connection = await book.get(connectionId);
      if (!connection) return;
      const p = store.dialect.parameter;
      const lanes = await store.read(
        `SELECT sys_id FROM sn_transport_lane WHERE connection = ${p(1)} AND direction = 'inbound' AND state = 'waiting' AND due_at <= ${p(2)}
         ORDER BY ${claimOrder(store.dialect)} LIMIT ${lanesAtOnce}`,
        [connectionId, clock.now()],
      );
      for (const [lane] of lanes) {
        while (await applyNext(String(lane), connection)) {
          // The next message of the lane.
        }
      }
    },
  };
};
