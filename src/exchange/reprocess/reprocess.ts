// What people do to the queue: look before they act, send errors again in their order, skip, export. Every act leaves an audit row.
import { type Clock, sleep, wireMoment } from '../../kit/clock.ts';
import { Fault } from '../../kit/fault.ts';
import type { Ids } from '../../kit/ids.ts';
import type { Caller } from '../../records/caller.ts';
import type { Store, Transaction } from '../../store/store.ts';
import { text } from '../queue_row.ts';
import { isOneOf } from '../recordset.ts';
import type { Enqueue } from '../seams.ts';
import type { Settlers } from '../settle/settle.ts';
import { makeAudit } from './audit.ts';
import { type QueueFilter, whereOf } from './filter.ts';
import { reopenLane } from './reopen_lane.ts';
import { exportedColumns, shown, shownColumns } from './shown_rows.ts';
import { makeSkip } from './skip.ts';

export interface Group {
  readonly connection: string;
  readonly errorClass: string;
  readonly errorCode: string;
  readonly count: number;
}

export interface Plan {
  readonly total: number;
  readonly groups: readonly Group[];
  /** Some of the rows, oldest first. */
  readonly samples: readonly Readonly<Record<string, string>>[];
}

export interface Requeued {
  readonly requeued: number;
  readonly remaining: number;
  /** Failures of the rows just sent that had not been there before: whoever goes on in bulk stops here. */
  readonly newFailures: readonly Group[];
  readonly mayContinue: boolean;
}

export interface Reprocess {
  plan(filter: QueueFilter): Promise<Plan>;
  /** At most `limit` rows, in the order of their lanes; then watches what becomes of them for up to `watchMs`. */
  run(caller: Caller, filter: QueueFilter, options?: { limit?: number; watchMs?: number }): Promise<Requeued>;
  /** Rows in Error or Ready will never be sent. Throws `exchange.not_skippable`. Answers how many. */
  skip(caller: Caller, ids: readonly string[], options: { note: string; dryRun?: boolean }): Promise<number>;
  /** One line of JSON per row, oldest first; pages of the primary key, so that memory stays flat. */
  exportLines(caller: Caller, filter: QueueFilter): AsyncIterable<string>;
  /** An administrator stops a connection, or lets it go on; also ends a pause that came by itself. */
  pause(caller: Caller, connection: string): Promise<void>;
  resume(caller: Caller, connection: string): Promise<void>;
  /** For a repair: ends every pause but an administrator's. */
  endPause(transaction: Transaction, connection: string): Promise<void>;
}

export interface ReprocessParts {
  store: Store;
  clock: Clock;
  ids: Ids;
  enqueue: Enqueue;
  wake: (connection: string) => void;
  settlers: Settlers;
}

export const makeReprocess = ({ store, clock, ids, enqueue, wake, settlers }: ReprocessParts): Reprocess => {
  const { dialect } = store;
  const p = dialect.parameter;
  const errors = (filter: QueueFilter): QueueFilter => ({ ...filter, state: 'error', direction: 'outbound' });

  const audit = makeAudit({ dialect, clock, ids });

  const groupsOf = async (filter: QueueFilter): Promise<Group[]> => {
    const where = whereOf(dialect, filter);
    const rows = await store.read(
      `SELECT q.connection, q.error_class, q.error_code, count(*) FROM sn_transport_queue q WHERE ${where.sql}
       GROUP BY q.connection, q.error_class, q.error_code ORDER BY count(*) DESC`,
      where.parameters,
      { long: true },
    );
    return rows.map(([connection, errorClass, errorCode, count]) => ({
      connection: text(connection),
      errorClass: text(errorClass),
      errorCode: text(errorCode),
      count: Number(count),
    }));
  };

  const plan = async (filter: QueueFilter): Promise<Plan> => {
    const groups = await groupsOf(filter);
    const where = whereOf(dialect, filter);
    const samples = await store.read(
      `SELECT ${shownColumns.map((column) => `q.${column}`).join(', ')} FROM sn_transport_queue q WHERE ${where.sql} ORDER BY q.sys_id LIMIT 10`,
      where.parameters,
      { long: true },
    );
    return {
      total: groups.reduce((sum, group) => sum + group.count, 0),
      groups,
      samples: samples.map((row) => shown(shownColumns, row)),
    };
  };

  const makeReady = (caller: Caller, filter: QueueFilter, limit: number) =>
    store.write(async (transaction) => {
      const where = whereOf(dialect, errors(filter));
      const rows = await transaction.read(
        `SELECT q.sys_id, q.lane, q.seq, q.peer_ack_at, q.connection FROM sn_transport_queue q WHERE ${where.sql} ORDER BY q.lane, q.seq LIMIT ${limit}${dialect.forUpdate}`,
        where.parameters,
      );
      const chosen = rows.map(([id]) => text(id));
      if (chosen.length === 0) return { chosen, connections: new Set<string>() };
      await transaction.run(
        `UPDATE sn_transport_queue SET state = 'ready', error_class = NULL, error_code = NULL, error_detail = NULL, http_status = NULL, next_attempt_at = NULL,
           sys_updated_on = ${p(2)}, sys_updated_by = ${p(3)} WHERE sys_id ${isOneOf(dialect, 1)}`,
        [JSON.stringify(chosen), wireMoment(clock.now()), caller.userName],
      );
      for (const [lane, of] of Map.groupBy(rows, (row) => text(row[1]))) {
        const changed = of.map((row) => ({ seq: Number(row[2]), isReady: true, isKnownToPeer: text(row[3]) !== '' }));
        await reopenLane(transaction, lane, changed, clock.now());
      }
      await audit(transaction, caller, 'reprocess', filter, chosen);
      return { chosen, connections: new Set(rows.map((row) => text(row[4]))) };
    });

  /** Until none of the rows is Ready or Running, or the time is over. */
  const watch = async (chosen: readonly string[], watchMs: number): Promise<void> => {
    const until = clock.now() + watchMs;
    while (clock.now() < until) {
      const [open] = await store.read(
        `SELECT 1 FROM sn_transport_queue WHERE sys_id ${isOneOf(dialect, 1)} AND state IN ('ready', 'running') LIMIT 1`,
        [JSON.stringify(chosen)],
      );
      if (!open) return;
      await sleep(clock, 100);
    }
  };

  const setPause = (caller: Caller, connection: string, isPaused: boolean): Promise<void> =>
    store.write(async (transaction) => {
      const touched = await transaction.run(
        `UPDATE sn_transport_profile SET pause = ${isPaused ? "'admin'" : 'NULL'}, pause_code = NULL, pause_detail = NULL, failures = 0, probe_at = 0,
           paused_at = ${isPaused ? p(2) : 'NULL'}, sys_updated_on = ${p(2)} WHERE sys_id = ${p(1)}`,
        [connection, wireMoment(clock.now())],
      );
      if (touched === 0) throw new Fault('not_found', 'exchange.no_profile', 'Nothing was ever exchanged on this connection');
      await audit(transaction, caller, isPaused ? 'pause' : 'resume', { connection }, []);
      transaction.afterCommit(() => wake(connection));
    });

  return {
    plan,
    async run(caller, filter, { limit = 500, watchMs = 5_000 } = {}) {
      const before = new Set((await groupsOf(errors(filter))).map(({ errorClass, errorCode }) => `${errorClass} ${errorCode}`));
      const { chosen, connections } = await makeReady(caller, filter, Math.min(Math.max(1, Math.trunc(limit)), 1000));
      for (const connection of connections) wake(connection);
      if (chosen.length > 0) await watch(chosen, watchMs);
      const failed = chosen.length > 0 ? await groupsOf({ state: 'error', ids: chosen }) : [];
      const newFailures = failed.filter(({ errorClass, errorCode }) => !before.has(`${errorClass} ${errorCode}`));
      const remaining = (await groupsOf(errors(filter))).reduce((sum, group) => sum + group.count, 0);
      // The same failure again is no progress either: going on would only turn the same rows round.
      return {
        requeued: chosen.length,
        remaining,
        newFailures,
        mayContinue: chosen.length > 0 && failed.length === 0 && remaining > 0,
      };
    },
    skip: makeSkip({ store, clock, enqueue, wake, settlers, audit }),
    async *exportLines(caller, filter) {
      await store.write((transaction) => audit(transaction, caller, 'export', filter, []));
      let last = '';
      for (;;) {
        const where = whereOf(dialect, filter);
        const after = p(where.parameters.length + 1);
        const rows = await store.read(
          `SELECT ${exportedColumns.map((column) => `q.${column}`).join(', ')} FROM sn_transport_queue q WHERE ${where.sql} AND q.sys_id > ${after} ORDER BY q.sys_id LIMIT 500`,
          [...where.parameters, last],
          { long: true },
        );
        for (const row of rows) yield `${JSON.stringify(shown(exportedColumns, row))}\n`;
        if (rows.length < 500) return;
        last = text(rows.at(-1)?.[0]);
      }
    },
    pause: (caller, connection) => setPause(caller, connection, true),
    resume: (caller, connection) => setPause(caller, connection, false),
    async endPause(transaction, connection) {
      await transaction.run(
        `UPDATE sn_transport_profile SET pause = NULL, pause_code = NULL, pause_detail = NULL, paused_at = NULL, failures = 0, probe_at = 0
         WHERE sys_id = ${p(1)} AND (pause IS NULL OR pause <> 'admin')`,
        [connection],
      );
      transaction.afterCommit(() => wake(connection));
    },
  };
};
