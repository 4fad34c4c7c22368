// The original's way with a peer that refuses us, for rehearsals (sn_transport.compat_auth_errors): what waits goes to Error. The lanes
// are held where they are, so that reprocessing keeps the order.
import { wireMoment } from '../../kit/clock.ts';
import type { Transaction } from '../../store/store.ts';
import { isOneOf } from '../recordset.ts';

const rowsAtOnce = 500;

/** Answers the number of rows, at most 500. Heartbeats stay Ready: they are how the end of it is noticed. */
export const pileUp = async (
  { dialect, ...transaction }: Transaction,
  connection: string,
  why: { code: string; detail: string },
  now: number,
): Promise<number> => {
  const p = dialect.parameter;
  const rows = await transaction.read(
    `SELECT q.sys_id, q.lane FROM sn_transport_lane l JOIN sn_transport_queue q ON q.lane = l.sys_id AND q.seq > l.done_seq
     WHERE l.connection = ${p(1)} AND l.direction = 'outbound' AND l.state IN ('waiting', 'held') AND l.lane_rank > 0 AND q.state = 'ready'
     ORDER BY q.lane, q.seq LIMIT ${rowsAtOnce}`,
    [connection],
  );
  if (rows.length === 0) return 0;
  await transaction.run(
    `UPDATE sn_transport_queue SET state = 'error', error_class = 'auth', error_code = ${p(2)}, error_detail = ${p(3)}, sys_updated_on = ${p(4)}
     WHERE sys_id ${isOneOf(dialect, 1)} AND state = 'ready'`,
    [JSON.stringify(rows.map(([id]) => id)), why.code, why.detail, wireMoment(now)],
  );
  await transaction.run(
    `UPDATE sn_transport_lane SET state = 'held', error_seq = (SELECT min(q.seq) FROM sn_transport_queue q
       WHERE q.lane = sn_transport_lane.sys_id AND q.seq > sn_transport_lane.done_seq AND q.state = 'error')
     WHERE sys_id ${isOneOf(dialect, 1)} AND state IN ('waiting', 'held')`,
    [JSON.stringify([...new Set(rows.map(([, lane]) => lane))])],
  );
  return rows.length;
};
