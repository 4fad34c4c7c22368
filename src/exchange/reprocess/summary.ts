// How the queue stands, connection by connection: what doctor and status read. Counts lanes and errors, never the whole queue.

import type { Store } from '../../store/store.ts';
import { text } from '../queue_row.ts';

export interface Summary {
  readonly connection: string;
  readonly pause: string;
  readonly pauseCode: string;
  readonly pauseDetail: string;
  readonly pausedAt: string;
  /** Messages to the peer that were not given to it yet. */
  readonly backlog: number;
  /** Heartbeats not counted. */
  readonly lanesWaiting: number;
  readonly lanesHeld: number;
  readonly lanesLeased: number;
  /** Leases that have ended and were not taken back. */
  readonly leasesStuck: number;
  /** Messages of the peer that are kept here and not applied. */
  readonly inboundWaiting: number;
  readonly inboundHeld: number;
  readonly gapsFound: number;
  /** Milliseconds since the epoch; 0 where nothing waits. */
  readonly oldestWaitingSince: number;
  readonly failures: {
    readonly permanent: number;
    readonly transient: number;
    readonly auth: number;
    readonly unavailable: number;
  };
}

/** Long where a million lanes wait: it goes where it holds up nobody. */
export const summarise = async (store: Store, now: number): Promise<Summary[]> => {
  const p = store.dialect.parameter;
  const count = (condition: string): string => `coalesce(sum(CASE WHEN ${condition} THEN 1 ELSE 0 END), 0)`;
  const out = `l.direction = 'outbound' AND l.lane_rank > 0`;
  const rows = await store.read(
    `SELECT p.sys_id, p.pause, p.pause_code, p.pause_detail, p.paused_at,
       coalesce(sum(CASE WHEN ${out} AND l.state <> 'idle' THEN l.last_seq - l.done_seq ELSE 0 END), 0),
       ${count(`${out} AND l.state = 'waiting'`)}, ${count(`${out} AND l.state = 'held'`)}, ${count(`${out} AND l.state = 'leased'`)},
       ${count(`${out} AND l.state = 'leased' AND l.due_at < ${p(1)}`)},
       ${count(`l.direction = 'inbound' AND l.state = 'waiting'`)}, ${count(`l.direction = 'inbound' AND l.state = 'held'`)},
       coalesce(sum(l.gap_count), 0), coalesce(min(CASE WHEN ${out} AND l.state <> 'idle' THEN l.waiting_since END), 0),
       p.permanent_count, p.transient_count, p.auth_count, p.unavailable_count
     FROM sn_transport_profile p LEFT JOIN sn_transport_lane l ON l.connection = p.sys_id AND (l.state <> 'idle' OR l.gap_count > 0)
     GROUP BY p.sys_id, p.pause, p.pause_code, p.pause_detail, p.paused_at, p.permanent_count, p.transient_count, p.auth_count, p.unavailable_count
     ORDER BY p.sys_id`,
    [now],
    { long: true },
  );
  return rows.map((row) => {
    const n = (at: number): number => Number(row[at] ?? 0);
    return {
      connection: text(row[0]),
      pause: text(row[1]),
      pauseCode: text(row[2]),
      pauseDetail: text(row[3]),
      pausedAt: text(row[4]),
      backlog: n(5),
      lanesWaiting: n(6),
      lanesHeld: n(7),
      lanesLeased: n(8),
      leasesStuck: n(9),
      inboundWaiting: n(10),
      inboundHeld: n(11),
      gapsFound: n(12),
      oldestWaitingSince: n(13),
      failures: { permanent: n(14), transient: n(15), auth: n(16), unavailable: n(17) },
    };
  });
};
