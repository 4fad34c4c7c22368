// Rows that a person gives up: they will never be sent, the peer hears of those it knows, and what stands behind them may go.
import { type Clock, wireMoment } from '../../kit/clock.ts';
import { Fault } from '../../kit/fault.ts';
import type { Store, Value } from '../../store/store.ts';
import { queuedColumns, readQueued, text } from '../queue_row.ts';
import { isOneOf } from '../recordset.ts';
import type { Enqueue } from '../seams.ts';
import type { Settlers } from '../settle/settle.ts';
import type { Audit } from './audit.ts';
import { reopenLane } from './reopen_lane.ts';
import type { Reprocess } from './reprocess.ts';

export const makeSkip =
  (parts: {
    store: Store;
    clock: Clock;
    enqueue: Enqueue;
    wake: (connection: string) => void;
    settlers: Settlers;
    audit: Audit;
  }): Reprocess['skip'] =>
  (caller, wanted, { note, dryRun = false }) => {
    const { store, clock, enqueue, wake, settlers, audit } = parts;
    const { dialect } = store;
    const p = dialect.parameter;
    return store.write(async (transaction) => {
      const rows = await transaction.read(
        `SELECT ${queuedColumns}, q.state, q.peer_ack_at, q.direction FROM sn_transport_queue q JOIN sn_transport_lane l ON l.sys_id = q.lane
         WHERE q.sys_id ${isOneOf(dialect, 1)}`,
        [JSON.stringify(wanted)],
      );
      const demandAll = (count: number): number => {
        if (count === new Set(wanted).size) return count;
        const message = 'Only messages to the peer that are Ready or in Error can be skipped';
        throw new Fault('conflict', 'exchange.not_skippable', message, { explanation: 'Nothing was skipped.' });
      };
      const isWaiting = (row: readonly Value[]): boolean =>
        text(row[19]) === 'outbound' && ['ready', 'error'].includes(text(row[17]));
      if (dryRun) return demandAll(rows.filter(isWaiting).length);
      const touched = await transaction.run(
        `UPDATE sn_transport_queue SET state = 'skipped', error_class = NULL, sys_updated_on = ${p(2)}, sys_updated_by = ${p(3)}
         WHERE sys_id ${isOneOf(dialect, 1)} AND direction = 'outbound' AND state IN ('ready', 'error')`,
        [JSON.stringify(wanted), wireMoment(clock.now()), caller.userName],
      );
      demandAll(touched);
      for (const [lane, of] of Map.groupBy(rows, (row) => text(row[3]))) {
        const changed = of.map((row) => ({ seq: Number(row[4]), isReady: false, isKnownToPeer: true }));
        await reopenLane(transaction, lane, changed, clock.now());
      }
      for (const row of rows) {
        const { message, source } = readQueued(row);
        if (text(row[18]) !== '')
          await enqueue(transaction, {
            connection: message.connection,
            kind: 'ack',
            operation: 'skip',
            payload: { ids: [message.messageId] },
          });
        for (const settler of settlers.get(message.kind) ?? [])
          await settler.settled(transaction, message, { outcome: 'skipped', reason: note }, source);
        transaction.afterCommit(() => wake(message.connection));
      }
      const skipped = rows.map((row) => text(row[0]));
      await audit(transaction, caller, 'skip', { ids: wanted }, skipped, note);
      return touched;
    });
  };
