// The applier of the transport's own messages: what the peer says, later, of messages that it had only stored; and which of ours it
// need not wait for any more.
import { wireMoment } from '../../kit/clock.ts';
import { Fault } from '../../kit/fault.ts';
import type { Transaction } from '../../store/store.ts';
import type { RowResult } from '../carriers/carrier.ts';
import { readResults } from '../envelope/read_results.ts';
import type { Message } from '../message.ts';
import { inboxId } from '../queue_ids.ts';
import { type Queued, queuedColumns, readQueued } from '../queue_row.ts';
import type { Applier, Outcome } from '../seams.ts';
import { type Settlers, storedDetail } from '../settle/settle.ts';

const findSent = async (
  { dialect, ...transaction }: Transaction,
  connection: string,
  messageId: string,
): Promise<Queued | undefined> => {
  const p = dialect.parameter;
  const [row] = await transaction.read(
    `SELECT state FROM sn_transport_queue WHERE sys_id = ${p(1)} AND connection = ${p(2)} AND direction = 'outbound'${dialect.forUpdate}`,
    [messageId, connection],
  );
  // The peer was faster than our own note that it has the message.
  if (row?.[0] === 'running') throw new Fault('unavailable', 'exchange.not_settled_yet', 'The message is still under way');
  if (row?.[0] !== 'sent') return undefined;
  const [found] = await transaction.read(
    `SELECT ${queuedColumns} FROM sn_transport_queue q JOIN sn_transport_lane l ON l.sys_id = q.lane WHERE q.sys_id = ${p(1)}`,
    [messageId],
  );
  return found ? readQueued(found) : undefined;
};

const markRefused = async (
  { dialect, ...transaction }: Transaction,
  queued: Queued,
  result: Extract<RowResult, { outcome: 'refused' }>,
): Promise<void> => {
  const p = dialect.parameter;
  await transaction.run(
    `UPDATE sn_transport_queue SET state = 'error', error_class = 'permanent', error_code = ${p(2)}, error_detail = ${p(3)} WHERE sys_id = ${p(1)}`,
    [queued.row, result.code.slice(0, 100), storedDetail(result.detail)],
  );
  await transaction.run(
    `UPDATE sn_transport_lane SET error_seq = CASE WHEN error_seq = 0 OR error_seq > ${p(2)} THEN ${p(2)} ELSE error_seq END,
       state = CASE WHEN state = 'leased' THEN state ELSE 'held' END WHERE sys_id = ${p(1)}`,
    [queued.laneRow, queued.message.seq],
  );
};

const markProcessed = async ({ dialect, ...transaction }: Transaction, row: string, now: number): Promise<void> => {
  await transaction.run(
    `UPDATE sn_transport_queue SET state = 'processed', peer_ack_at = ${dialect.parameter(2)} WHERE sys_id = ${dialect.parameter(1)}`,
    [row, wireMoment(now)],
  );
};

/** The sender will not send these again: what waits behind them here goes on. */
const letGo = async ({ dialect, ...transaction }: Transaction, message: Message): Promise<void> => {
  const ids = (message.payload as { ids?: unknown } | null)?.ids;
  const p = dialect.parameter;
  for (const id of Array.isArray(ids) ? ids : []) {
    const row = inboxId(message.connection, String(id));
    const [found] = await transaction.read(
      `SELECT lane, seq FROM sn_transport_queue WHERE sys_id = ${p(1)} AND state = 'error'`,
      [row],
    );
    if (!found) continue;
    await transaction.run(`UPDATE sn_transport_queue SET state = 'skipped', error_class = NULL WHERE sys_id = ${p(1)}`, [row]);
    if (found[1] === null || found[1] === undefined) continue;
    await transaction.run(
      `UPDATE sn_transport_lane SET error_seq = 0, done_seq = CASE WHEN done_seq < ${p(2)} THEN ${p(2)} ELSE done_seq END,
         state = CASE WHEN last_seq > ${p(2)} THEN 'waiting' ELSE 'idle' END, due_at = 0 WHERE sys_id = ${p(1)} AND error_seq = ${p(2)}`,
      [found[0] ?? '', found[1] ?? 0],
    );
  }
};

export const makeAcknowledgements = (parts: { now: () => number; settlers: Settlers }): Applier => ({
  kinds: ['ack'],
  async apply(transaction, message): Promise<Outcome> {
    if (message.operation === 'skip') {
      await letGo(transaction, message);
      return { outcome: 'applied' };
    }
    const results = message.operation === 'outcomes' ? readResults(Buffer.from(JSON.stringify(message.payload))) : undefined;
    if (!results)
      return { outcome: 'refused', code: 'exchange.bad_acknowledgement', detail: 'This is no acknowledgement', permanent: true };
    for (const result of results) {
      if (result.outcome !== 'applied' && result.outcome !== 'ignored' && result.outcome !== 'refused') continue;
      const queued = await findSent(transaction, message.connection, result.id);
      if (!queued) continue;
      await (result.outcome === 'refused'
        ? markRefused(transaction, queued, result)
        : markProcessed(transaction, queued.row, parts.now()));
      const outcome: Outcome = result.outcome === 'refused' ? { ...result, permanent: true } : result;
      for (const settler of parts.settlers.get(queued.message.kind) ?? [])
        await settler.settled(transaction, queued.message, outcome, queued.source);
    }
    return { outcome: 'applied' };
  },
});
