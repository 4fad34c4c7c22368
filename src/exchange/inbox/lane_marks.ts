// How far each lane of a connection has come in: read and locked for the messages at hand, written back once. Locked in one order, so
// that two batches with the same lanes wait for one another instead of for ever.
import { wireMoment } from '../../kit/clock.ts';
import { Fault } from '../../kit/fault.ts';
import type { Transaction, Value } from '../../store/store.ts';
import type { Received } from '../envelope/read_batch.ts';
import { rankOf } from '../message.ts';
import { laneId } from '../queue_ids.ts';
import { isOneOf, recordset } from '../recordset.ts';
import type { ConnectionBook } from '../seams.ts';

export interface LaneMark {
  readonly row: string;
  readonly name: string;
  readonly rank: number;
  /** Highest number that is kept here. */
  storedSeq: number;
  /** Highest number that was applied; below `storedSeq` while messages wait here. */
  doneSeq: number;
  /** The message that was refused after it had been stored; 0 when none was. */
  errorSeq: number;
  isNew: boolean;
  isChanged: boolean;
}

const readMarks = ({ dialect, ...transaction }: Transaction, ids: readonly string[]): Promise<Value[][]> =>
  transaction.read(
    `SELECT sys_id, last_seq, done_seq, error_seq FROM sn_transport_lane WHERE sys_id ${isOneOf(dialect, 1)} ORDER BY sys_id${dialect.forUpdate}`,
    [JSON.stringify(ids)],
  );

/** Throws `exchange.not_a_peer`: its lanes went with the connection, and a late message must not bring them back. */
export const requireConnection = async (
  transaction: Transaction,
  connection: string,
  isThere: ConnectionBook['isThere'],
): Promise<void> => {
  if (await isThere(transaction, connection)) return;
  throw new Fault('forbidden', 'exchange.not_a_peer', 'User Not Authorized', { explanation: 'The connection has been ended.' });
};

/** What comes on a lane, one message behind the other. */
export interface LaneRun {
  readonly row: string;
  readonly name: string;
  readonly rank: number;
  /** The message that must be here before its first. */
  readonly previous: number;
  readonly first: number;
  last: number;
}

/** As far as their runs go. Answers how many are new. */
export const createLanes = async (
  { dialect, ...transaction }: Transaction,
  connection: string,
  lanes: readonly Pick<LaneRun, 'row' | 'name' | 'rank' | 'last'>[],
  now: number,
): Promise<number> => {
  const p = dialect.parameter;
  // The connection is looked at by the worker because of this row, also where nothing was ever sent from here.
  transaction.send(
    `INSERT INTO sn_transport_profile (sys_id, connection, failures, permanent_count, transient_count, auth_count, unavailable_count, sys_created_on)
     VALUES (${p(1)}, ${p(1)}, 0, 0, 0, 0, 0, ${p(2)}) ON CONFLICT DO NOTHING`,
    [connection, wireMoment(now)],
  );
  return transaction.run(
    `INSERT INTO sn_transport_lane (sys_id, connection, direction, name, lane_rank, state, due_at, last_seq, done_seq, peer_seq, error_seq,
       gap_count, failures, goes_alone, waiting_since, sys_created_on)
     SELECT r.id, ${p(2)}, 'inbound', r.name, r.rank, 'idle', 0, r.last, r.last, 0, 0, 0, 0, 0, 0, ${p(3)}
     FROM ${recordset(dialect, 1, 'r', { id: 'text', name: 'text', rank: 'integer', last: 'integer' })} WHERE true ON CONFLICT DO NOTHING`,
    [JSON.stringify(lanes.map(({ row, name, rank, last }) => ({ id: row, name, rank, last }))), connection, wireMoment(now)],
  );
};

/** Answers how many stood just before their run, with all applied that they have: these are locked and stand behind it now. */
export const moveLanesOn = ({ dialect, ...transaction }: Transaction, runs: readonly LaneRun[]): Promise<number> => {
  const shape = { id: 'text', previous: 'integer', first: 'integer', last: 'integer' } as const;
  // Ranges where equality is meant: PostgreSQL takes equality for rare, and looks for it in all lanes before it looks for the runs.
  return transaction.run(
    `UPDATE sn_transport_lane SET last_seq = r.last, done_seq = r.last, state = 'idle' FROM ${recordset(dialect, 1, 'r', shape)}
     WHERE sn_transport_lane.sys_id = r.id AND last_seq >= r.previous AND last_seq < r.first AND done_seq >= last_seq AND error_seq <= 0`,
    [JSON.stringify(runs.map(({ row, previous, first, last }) => ({ id: row, previous, first, last })))],
  );
};

export interface LockedLanes {
  /** By lane name. */
  readonly marks: ReadonlyMap<string, LaneMark>;
  /** Another process made one of them in this very moment: what was read before they were locked may be old. */
  readonly isContested: boolean;
}

const asNothingCame = (marks: readonly LaneMark[]) => marks.map(({ row, name, rank }) => ({ row, name, rank, last: 0 }));

/** Throws `exchange.not_a_peer` where the connection has been ended meanwhile. */
export const lockLanes = async (
  transaction: Transaction,
  { connection, isThere }: { connection: string; isThere: ConnectionBook['isThere'] },
  received: readonly Received[],
  now: number,
): Promise<LockedLanes> => {
  const marks = new Map<string, LaneMark>();
  for (const { message } of received) {
    if (marks.has(message.lane)) continue;
    const row = laneId(connection, 'inbound', message.lane);
    marks.set(message.lane, {
      row,
      name: message.lane,
      rank: rankOf(message.kind),
      storedSeq: 0,
      doneSeq: 0,
      errorSeq: 0,
      isNew: true,
      isChanged: false,
    });
  }
  const byRow = new Map([...marks.values()].map((mark) => [mark.row, mark]));
  const ids = [...byRow.keys()].sort();
  const take = (rows: readonly Value[][]): void => {
    for (const [id, stored, done, error] of rows) {
      const mark = byRow.get(String(id));
      if (mark) Object.assign(mark, { storedSeq: Number(stored), doneSeq: Number(done), errorSeq: Number(error), isNew: false });
    }
  };
  take(await readMarks(transaction, ids));
  const missing = ids.flatMap((id) => {
    const mark = byRow.get(id);
    return mark?.isNew ? mark : [];
  });
  if (missing.length > 0) await requireConnection(transaction, connection, isThere);
  const isContested =
    missing.length > 0 && (await createLanes(transaction, connection, asNothingCame(missing), now)) < missing.length;
  if (isContested) take(await readMarks(transaction, ids));
  return { marks, isContested };
};

export const writeMarks = ({ dialect, ...transaction }: Transaction, marks: Iterable<LaneMark>, now: number): void => {
  const changed = [...marks].filter((mark) => mark.isChanged);
  if (changed.length === 0) return;
  const shape = { id: 'text', stored: 'integer', done: 'integer', error: 'integer' } as const;
  transaction.send(
    `UPDATE sn_transport_lane SET last_seq = r.stored, done_seq = r.done, error_seq = r.error,
       due_at = CASE WHEN state = 'idle' AND r.stored > r.done THEN ${dialect.parameter(2)} ELSE due_at END,
       state = CASE WHEN r.error > 0 THEN 'held' WHEN r.stored > r.done THEN 'waiting' ELSE 'idle' END
     FROM ${recordset(dialect, 1, 'r', shape)} WHERE sn_transport_lane.sys_id = r.id`,
    [
      JSON.stringify(changed.map((mark) => ({ id: mark.row, stored: mark.storedSeq, done: mark.doneSeq, error: mark.errorSeq }))),
      now,
    ],
  );
};
