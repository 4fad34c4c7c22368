// Takes lanes that are due, and the first rows of each, for one worker. Reads the index of lanes from its head, so that the cost is
// the same behind a thousand and a million waiting rows. Must not touch the network.
import { wireMoment } from '../../kit/clock.ts';
import type { Dialect, Transaction, Value } from '../../store/store.ts';
import { eventOverheadBytes } from '../envelope/write_batch.ts';
import { lastControlRank } from '../message.ts';
import { type Queued, queueColumns, readQueued } from '../queue_row.ts';
import { isFoundBy, isOneOf } from '../recordset.ts';

export interface ClaimRequest {
  connection: string;
  /** Unique to this claim: whoever settles must still hold it. */
  lease: string;
  now: number;
  leaseMs: number;
  laneLimit: number;
  /** Over all lanes. */
  rowLimit: number;
  rowsPerLane: number;
  /** Of a lane's rows on the wire; its first row is taken however large it is. */
  bytesPerLane: number;
  /** Nothing is leased while the connection is paused. */
  heedsPause: boolean;
}

export interface ClaimedLane {
  readonly laneRow: string;
  readonly lease: string;
  readonly doneSeq: number;
  readonly peerSeq: number;
  readonly failures: number;
  /** Rows that are to be sent one by one, because a POST with them was refused as a whole. */
  readonly goesAlone: number;
  /** In order. */
  readonly rows: readonly Queued[];
}

/** The ranks that may be claimed: while configuration is due or under way, data waits, because it is only understood after it. */
const highestRankSql = (p: (n: number) => string): string => {
  const control = (state: string): string =>
    `EXISTS (SELECT 1 FROM sn_transport_lane WHERE connection = ${p(1)} AND direction = 'outbound' AND lane_rank = ${lastControlRank} AND ${state})`;
  return `CASE WHEN ${control("state = 'leased'")} OR ${control(`state = 'waiting' AND due_at <= ${p(2)}`)} THEN ${lastControlRank} ELSE 1000 END`;
};

const laneAt = queueColumns.indexOf('lane');

/** Lanes in the order of their index, so that a walk ends with the last one that is taken, however many wait. */
export const claimOrder = (dialect: Dialect): string =>
  ['lane_rank', 'due_at'].map((column) => dialect.orderTerm(column, 'integer', false)).join(', ');

const clearSql = (p: (n: number) => string): string =>
  ` AND EXISTS (SELECT 1 FROM sn_transport_profile WHERE sys_id = ${p(1)} AND (pause IS NULL OR pause = ''))`;

/** Takes the lanes alone; `claim` goes on with them in the same transaction. */
export const leaseLanes = async ({ dialect, ...transaction }: Transaction, request: ClaimRequest): Promise<Value[][]> => {
  const p = dialect.parameter;
  const lock = dialect.forUpdate === '' ? '' : `${dialect.forUpdate} SKIP LOCKED`;
  return transaction.read(
    `WITH picked AS MATERIALIZED (
       SELECT sys_id FROM sn_transport_lane
       WHERE connection = ${p(1)} AND direction = 'outbound' AND state = 'waiting' AND due_at <= ${p(2)} AND lane_rank <= ${highestRankSql(p)}${request.heedsPause ? clearSql(p) : ''}
       ORDER BY ${claimOrder(dialect)} LIMIT ${p(3)}${lock})
     UPDATE sn_transport_lane SET state = 'leased', lease = ${p(4)}, due_at = ${p(5)}
     WHERE sys_id ${isFoundBy(dialect, 'SELECT sys_id FROM picked')}
     RETURNING sys_id, done_seq, peer_seq, failures, goes_alone, name, last_seq`,
    [request.connection, request.now, request.laneLimit, request.lease, request.now + request.leaseMs],
  );
};

// Found and marked as Running at once. Numbers of a lane have no holes, so a span of numbers bounds the rows of each lane: the window is
// never over more than are taken, whatever waits.
const takeHeads = async (
  { dialect, ...transaction }: Transaction,
  lanes: ReadonlyMap<string, string>,
  span: number,
  { bytesPerLane, now, leaseMs }: ClaimRequest,
): Promise<Queued[]> => {
  const p = dialect.parameter;
  const isHead = `q.lane = l.sys_id AND q.seq > l.done_seq AND q.seq <= l.done_seq + CASE WHEN l.goes_alone > 0 THEN 1 ELSE ${p(2)} END
    AND (l.error_seq = 0 OR q.seq < l.error_seq) AND q.state = 'ready'`;
  // Lane by lane, whatever PostgreSQL thinks of a queue that was empty when it made its plan; OFFSET keeps it from turning the two round.
  const joined =
    dialect.engine === 'postgres'
      ? `CROSS JOIN LATERAL (SELECT * FROM sn_transport_queue q WHERE ${isHead} OFFSET 0) AS q`
      : `JOIN sn_transport_queue q ON ${isHead}`;
  const rows = await transaction.read(
    `UPDATE sn_transport_queue SET state = 'running', attempts = attempts + 1, lease_until = ${p(4)}, sys_updated_on = ${p(5)}
     WHERE sys_id ${isFoundBy(
       dialect,
       `SELECT head FROM (SELECT q.sys_id AS head, octet_length(q.payload) + ${eventOverheadBytes} AS own,
            sum(octet_length(q.payload) + ${eventOverheadBytes}) OVER (PARTITION BY q.lane ORDER BY q.seq) AS up_to_here
          FROM sn_transport_lane l ${joined} WHERE l.sys_id ${isOneOf(dialect, 1)}) AS heads
        WHERE up_to_here <= ${p(3)} OR up_to_here = own`,
     )}
     RETURNING ${queueColumns.join(', ')}`,
    [JSON.stringify([...lanes.keys()]), span, bytesPerLane, wireMoment(now + leaseMs), wireMoment(now)],
  );
  return rows.map((row) => readQueued([...row, lanes.get(String(row[laneAt])) ?? '']));
};

/** Nothing to send within the span: rows that were finished out of turn lie there. The lane moves past them, or rests. */
const moveOn = async ({ dialect, ...transaction }: Transaction, laneRow: string): Promise<void> => {
  const p = dialect.parameter(1);
  const [found] = await transaction.read(
    `SELECT min(q.seq) FROM sn_transport_queue q JOIN sn_transport_lane l ON l.sys_id = q.lane
     WHERE q.lane = ${p} AND q.seq > l.done_seq AND q.state = 'ready'`,
    [laneRow],
  );
  const next = Number(found?.[0] ?? 0);
  const to = dialect.parameter(2);
  await transaction.run(
    `UPDATE sn_transport_lane SET lease = NULL, due_at = 0,
       done_seq = CASE WHEN error_seq > 0 THEN CASE WHEN ${to} > 0 AND ${to} < error_seq THEN ${to} - 1 ELSE done_seq END
                       WHEN ${to} > 0 THEN ${to} - 1 ELSE last_seq END,
       state = CASE WHEN error_seq > 0 AND (${to} = 0 OR ${to} > error_seq) THEN 'held' WHEN ${to} > 0 THEN 'waiting' ELSE 'idle' END
     WHERE sys_id = ${p}`,
    [laneRow, next],
  );
};

/** What a leased lane has to give on the average, at most a quarter of a POST: deep lanes take turns. */
export const rowsALane = (leased: readonly Value[][], { rowsPerLane }: ClaimRequest): number => {
  const most = Math.max(1, Math.floor(rowsPerLane / 4));
  const waiting = leased.map(([, done, , , , , last]) => Math.min(most, Math.max(1, Number(last) - Number(done))));
  return waiting.reduce((sum, each) => sum + each, 0) / waiting.length;
};

/** Rows come in the order of their lane, Running; at most `rowLimit` in all, except that every claimed lane gives one. */
export const claim = async (
  transaction: Transaction,
  request: ClaimRequest,
  leased: readonly Value[][],
): Promise<ClaimedLane[]> => {
  if (leased.length === 0) return [];
  const names = new Map(leased.map(([id, , , , , name]) => [String(id), String(name)]));
  const most = Math.max(1, Math.min(request.rowsPerLane, Math.floor(request.rowLimit / names.size)));
  // So many that some lanes fill a POST: what is left of it stays empty, since a lane's rows stay together.
  const span = Math.floor(request.rowsPerLane / Math.ceil(request.rowsPerLane / most));
  const heads = Map.groupBy(await takeHeads(transaction, names, span, request), (queued) => queued.laneRow);
  for (const id of names.keys()) if (!heads.has(id)) await moveOn(transaction, id);
  return leased.flatMap(([id, doneSeq, peerSeq, failures, goesAlone]) => {
    const rows = heads.get(String(id));
    if (!rows) return [];
    return {
      laneRow: String(id),
      lease: request.lease,
      doneSeq: Number(doneSeq),
      peerSeq: Number(peerSeq),
      failures: Number(failures),
      goesAlone: Number(goesAlone),
      rows: rows.sort((a, b) => a.message.seq - b.message.seq),
    };
  });
};
