// Writes verdicts: lanes are let go, rows move on, the source hears of it. All verdicts of a turn in a handful of statements.
// A lane that another worker has taken over meanwhile stays as it is: that worker sends again and learns the same.
import { wireMoment } from '../../kit/clock.ts';
import type { Transaction } from '../../store/store.ts';
import type { MessageKind } from '../message.ts';
import { isOneOf, recordset } from '../recordset.ts';
import type { Settler } from '../seams.ts';
import type { LaneVerdict } from './verdict.ts';

export type Settlers = ReadonlyMap<MessageKind, readonly Settler[]>;

export const settlersByKind = (settlers: readonly Settler[]): Settlers => {
  const byKind = new Map<MessageKind, Settler[]>();
  for (const settler of settlers) for (const kind of settler.kinds) byKind.set(kind, [...(byKind.get(kind) ?? []), settler]);
  return byKind;
};

/** Lets the lanes go that this worker still holds; answers their verdicts, which are to be settled in the same transaction. */
export const release = async (
  { dialect, ...transaction }: Transaction,
  verdicts: readonly LaneVerdict[],
): Promise<readonly LaneVerdict[]> => {
  if (verdicts.length === 0) return [];
  const values = recordset(dialect, 1, 'r', {
    id: 'text',
    lease: 'text',
    from_seq: 'integer',
    done: 'integer',
    peer: 'integer',
    error: 'integer',
    held: 'integer',
    due: 'integer',
    fails: 'integer',
    alone: 'integer',
    gaps: 'integer',
  });
  // Most of what is counted is 0, is not written then, and comes as NULL.
  const count = (name: string): string => `coalesce(r.${name}, 0)`;
  const lane = 'sn_transport_lane';
  // Whoever reprocesses a row of a lane that is under way sets it back; that stands.
  const done = `CASE WHEN ${lane}.done_seq = r.from_seq THEN r.done ELSE ${lane}.done_seq END`;
  const released = await transaction.read(
    `UPDATE ${lane} SET done_seq = ${done}, peer_seq = r.peer, error_seq = CASE WHEN r.error > 0 THEN r.error ELSE ${lane}.error_seq END,
       state = CASE WHEN r.held = 1 THEN 'held' WHEN ${lane}.last_seq > ${done} THEN 'waiting' ELSE 'idle' END,
       due_at = r.due, failures = ${count('fails')}, goes_alone = ${count('alone')}, gap_count = ${lane}.gap_count + ${count('gaps')}, lease = NULL,
       waiting_since = CASE WHEN ${done} > ${lane}.done_seq THEN r.due ELSE ${lane}.waiting_since END
     FROM ${values} WHERE ${lane}.sys_id = r.id AND ${lane}.lease = r.lease RETURNING sys_id`,
    [
      JSON.stringify(
        verdicts.map((verdict) => ({
          id: verdict.lane.laneRow,
          lease: verdict.lane.lease,
          from_seq: verdict.lane.doneSeq,
          done: verdict.doneSeq,
          peer: verdict.peerSeq,
          error: verdict.errorSeq || undefined,
          held: verdict.isHeld ? 1 : undefined,
          due: verdict.dueAt,
          fails: verdict.failures || undefined,
          alone: verdict.goesAlone || undefined,
          gaps: verdict.gaps || undefined,
        })),
      ),
    ],
  );
  const mine = new Set(released.map(([id]) => String(id)));
  return verdicts.filter((verdict) => mine.has(verdict.lane.laneRow));
};

const markDone = async (
  { dialect, ...transaction }: Transaction,
  rows: readonly string[],
  state: 'processed' | 'sent',
  now: string,
): Promise<void> => {
  if (rows.length === 0) return;
  await transaction.run(
    `UPDATE sn_transport_queue SET state = '${state}', peer_ack_at = ${dialect.parameter(2)}, http_status = 200, error_code = NULL, error_detail = NULL,
       lease_until = NULL, next_attempt_at = NULL, sys_updated_on = ${dialect.parameter(2)}
     WHERE sys_id ${isOneOf(dialect, 1)} AND state = 'running'`,
    [JSON.stringify(rows), now],
  );
};

interface RowMove {
  id: string;
  state: 'ready' | 'error';
  /** Added to the count of attempts. */
  count: number;
  class: string | null;
  code: string | null;
  detail: string | null;
  status: number;
  next: string | null;
}

const moveRows = async ({ dialect, ...transaction }: Transaction, moves: readonly RowMove[], now: string): Promise<void> => {
  if (moves.length === 0) return;
  const shape = {
    id: 'text',
    state: 'text',
    count: 'integer',
    class: 'text',
    code: 'text',
    detail: 'text',
    status: 'integer',
    next: 'text',
  } as const;
  await transaction.run(
    `UPDATE sn_transport_queue SET state = r.state, attempts = attempts + r.count, error_class = r.class, error_code = r.code,
       error_detail = r.detail, http_status = r.status, next_attempt_at = r.next, lease_until = NULL, sys_updated_on = ${dialect.parameter(2)}
     FROM ${recordset(dialect, 1, 'r', shape)}
     WHERE sn_transport_queue.sys_id = r.id AND sn_transport_queue.sys_id ${isOneOf(dialect, 3)} AND sn_transport_queue.state = 'running'`,
    [JSON.stringify(moves), now, JSON.stringify(moves.map(({ id }) => id))],
  );
};

const detailLimit = 1000;
/** Words of a peer go into rows: without what no engine stores, and not for ever long. */
export const storedDetail = (text: string): string => text.replaceAll('\0', '').toWellFormed().slice(0, detailLimit);

const movesOf = (verdict: LaneVerdict): RowMove[] => [
  ...verdict.waiting.map(
    ({ queued, isCounted, code, detail, httpStatus }): RowMove => ({
      id: queued.row,
      state: 'ready',
      count: isCounted ? 0 : -1,
      class: null,
      code: code || null,
      detail: storedDetail(detail) || null,
      status: httpStatus,
      next: wireMoment(verdict.dueAt),
    }),
  ),
  ...verdict.errors.map(
    ({ queued, class: errorClass, code, detail, httpStatus }): RowMove => ({
      id: queued.row,
      state: 'error',
      count: 0,
      class: errorClass,
      code: storedDetail(code).slice(0, 100),
      detail: storedDetail(detail),
      status: httpStatus,
      next: null,
    }),
  ),
];

/** What the peer has lost, say by a restored database, becomes Ready again; rows that are gone here too stay a named gap. */
const heal = async ({ dialect, ...transaction }: Transaction, verdict: LaneVerdict): Promise<void> => {
  const have = verdict.healFrom;
  if (have === undefined) return;
  const p = dialect.parameter;
  // Beats of old say nothing any more.
  if (verdict.lane.rows[0]?.message.kind === 'heartbeat') {
    await transaction.run(`UPDATE sn_transport_lane SET peer_seq = ${p(2)} WHERE sys_id = ${p(1)}`, [verdict.lane.laneRow, have]);
    return;
  }
  await transaction.run(
    `UPDATE sn_transport_queue SET state = 'ready', peer_ack_at = NULL WHERE lane = ${p(1)} AND seq > ${p(2)} AND state IN ('sent', 'processed')`,
    [verdict.lane.laneRow, have],
  );
  await transaction.run(
    `UPDATE sn_transport_lane SET done_seq = CASE WHEN done_seq > ${p(2)} THEN ${p(2)} ELSE done_seq END, peer_seq = ${p(2)}, gap_count = gap_count + 1
     WHERE sys_id = ${p(1)}`,
    [verdict.lane.laneRow, have],
  );
};

/**
 * `kept`: as `release` answered them. The statements that lanes and rows wait for are asked for before this first waits for one, so that a
 * claim may be asked for behind them; not where a lane is healed. Answers the number of messages that got through.
 */
export const settle = async (
  transaction: Transaction,
  kept: readonly LaneVerdict[],
  parts: { now: number; settlers: Settlers },
): Promise<number> => {
  const now = wireMoment(parts.now);
  const settled = kept.flatMap((verdict) => verdict.settled);
  const good = settled.filter(({ outcome }) => outcome.outcome !== 'refused').map(({ queued }) => queued.row);
  const sent = kept.flatMap((verdict) => verdict.sent.map((queued) => queued.row));
  await Promise.all([
    markDone(transaction, good, 'processed', now),
    markDone(transaction, sent, 'sent', now),
    moveRows(transaction, kept.flatMap(movesOf), now),
  ]);
  for (const verdict of kept) await heal(transaction, verdict);
  for (const { queued, outcome } of settled) {
    for (const settler of parts.settlers.get(queued.message.kind) ?? [])
      await settler.settled(transaction, queued.message, outcome, queued.source);
  }
  return good.length + sent.length;
};
