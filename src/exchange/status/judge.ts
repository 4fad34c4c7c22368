// Up, Slow or Down, per direction, with the reason: what the axes together mean. Pure; the axes themselves are kept apart.
import { readWireMoment } from '../../kit/clock.ts';
import type { Row } from '../../records/records.ts';

export interface Observed {
  readonly row: Row;
  /** Why nothing moves on this connection whatever its legs are like. */
  readonly standstill?: { readonly reason: string; readonly detail: string } | undefined;
  readonly remoteSystem: Row | undefined;
  /** '', auth, unavailable, breaker, admin. */
  readonly pause: string;
  /** Why, in words. */
  readonly pauseDetail: string;
  /** Milliseconds; 0 where nothing waits. */
  readonly oldestWaitingSince: number;
  readonly now: number;
  /** Silence longer than this is Down. */
  readonly silentMs: number;
  readonly slowMs: number;
}

export interface Verdict {
  readonly status: 'not_onboarded' | 'up' | 'slow' | 'down';
  /** `auth: user_not_bound`; '' when Up. */
  readonly reason: string;
  readonly detail: string;
}

const notOnboarded: Verdict = { status: 'not_onboarded', reason: '', detail: '' };
const up: Verdict = { status: 'up', reason: '', detail: '' };
const down = (reason: string, detail: string): Verdict => ({ status: 'down', reason, detail });

const ageOf = (moment: string | undefined, now: number): number => {
  const at = readWireMoment(moment ?? '');
  return Number.isNaN(at) ? 0 : now - at;
};

/** What is wrong with this direction itself; undefined when nothing is. */
const ownFault = (seen: Observed, direction: 'outbound' | 'inbound'): Verdict | undefined => {
  const { row, remoteSystem, now, silentMs } = seen;
  if (seen.standstill) return down(seen.standstill.reason, seen.standstill.detail);
  if (row.state === 'offboarded_by_peer') return down('offboarded_by_peer', 'The other side has ended this connection');
  if (row.active !== 'true') return down('inactive', 'The connection is not active');
  const state = remoteSystem?.[`${direction}_state`] ?? '';
  if (state !== 'active') return down(`rps: ${state || 'missing'}`, 'The remote system is not Active in this direction');
  if (row[`${direction}_auth_state`] === 'refused')
    return down(`auth: ${row[`${direction}_auth_reason`] || 'refused'}`, row[`${direction}_auth_detail`] ?? '');
  if (direction === 'outbound' && seen.pause !== '' && seen.pause !== 'auth')
    return down(`paused: ${seen.pause}`, seen.pauseDetail === '' ? 'Nothing is sent' : `Nothing is sent: ${seen.pauseDetail}`);
  const heard = direction === 'outbound' ? row.hb_acked : row.hb_received;
  if (ageOf(heard, now) > silentMs) {
    return direction === 'outbound'
      ? down('silent: no_answer', 'Heartbeats are not answered')
      : down('silent: no_heartbeat', 'No heartbeat of the peer has come');
  }
  return undefined;
};

/** A heartbeat needs both directions, so that one that fails takes both Down: the reason says which it was. */
export const judge = (seen: Observed): { outbound: Verdict; inbound: Verdict } => {
  const { row, now, slowMs } = seen;
  if (row.state !== 'onboarded' && row.state !== 'offboarded_by_peer') return { outbound: notOnboarded, inbound: notOnboarded };
  const [out, back] = [ownFault(seen, 'outbound'), ownFault(seen, 'inbound')];
  const other = (fault: Verdict, name: string): Verdict =>
    down('return_leg', `Nothing comes back while ${name} is Down (${fault.reason})`);
  const waits = seen.oldestWaitingSince === 0 ? 0 : now - seen.oldestWaitingSince;
  const slow: Verdict | undefined =
    Number(row.hb_rtt_ms || 0) > slowMs
      ? { status: 'slow', reason: 'round_trip', detail: `A heartbeat took ${row.hb_rtt_ms} ms` }
      : waits > slowMs
        ? { status: 'slow', reason: 'backlog', detail: `The oldest message has waited for ${Math.round(waits / 1000)} s` }
        : undefined;
  return {
    outbound: out ?? (back ? other(back, 'inbound') : (slow ?? up)),
    inbound: back ?? (out ? other(out, 'outbound') : up),
  };
};
