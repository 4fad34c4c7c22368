// A connection as status says it: the axes side by side, and each direction in one line with its reason. Pure.
import { readWireMoment } from '../../kit/clock.ts';
import type { Row } from '../../records/records.ts';
import { roleOf } from '../connection/connection_records.ts';

export interface DirectionReport {
  readonly status: string;
  readonly reason: string;
  readonly detail: string;
  readonly since: string;
  readonly rps_state: string;
  readonly auth_state: string;
  readonly auth_reason: string;
  readonly auth_since: string;
  /** `Down (auth: user_not_bound, since 14:02, 37 rows waiting)` */
  readonly text: string;
}

export interface ConnectionReport {
  readonly connection_id: string;
  readonly sys_id: string;
  readonly role: string;
  readonly name: string;
  readonly peer_url: string;
  readonly channel: string;
  readonly state: string;
  readonly auth_method: string;
  /** `exchange auth upgrade` has something to do. */
  readonly can_upgrade_auth: boolean;
  /** A change of credentials that is under way; null where none is. */
  readonly auth_change: { kind: string; side: string; step: string; error: string; grace_until: string } | null;
  readonly version: string;
  readonly step: string;
  readonly step_error: string;
  /** What the comparison after the latest adoption found; '' where there was none. */
  readonly resume_report: string;
  readonly waiting: number;
  readonly round_trip_ms: number | null;
  readonly last_heartbeat: string;
  readonly outbound: DirectionReport;
  readonly inbound: DirectionReport;
}

const words: ReadonlyMap<string, string> = new Map([
  ['up', 'Up'],
  ['slow', 'Slow'],
  ['down', 'Down'],
  ['error', 'Error'],
  ['not_onboarded', 'Not onboarded'],
]);

/** `14:02` on the same day, else the date as well; UTC. */
const shortMoment = (moment: string, now: number): string => {
  if (Number.isNaN(readWireMoment(moment))) return '';
  return new Date(now).toISOString().slice(0, 10) === moment.slice(0, 10) ? moment.slice(11, 16) : moment.slice(0, 16);
};

const direction = (row: Row, name: 'outbound' | 'inbound', system: Row | undefined, now: number): DirectionReport => {
  const of = (element: string): string => row[`${name}_${element}`] ?? '';
  const status = words.get(of('status')) ?? of('status');
  const waiting = name === 'outbound' ? Number(row.waiting_count || 0) : 0;
  const facts = [
    of('reason'),
    of('since') && of('status') !== 'up' ? `since ${shortMoment(of('since'), now)}` : '',
    waiting > 0 ? `${waiting} ${waiting === 1 ? 'row' : 'rows'} waiting` : '',
  ].filter((fact) => fact !== '');
  return {
    status,
    reason: of('reason'),
    detail: of('detail'),
    since: of('since'),
    rps_state: system?.[`${name}_state`] ?? '',
    auth_state: of('auth_state'),
    auth_reason: of('auth_reason'),
    auth_since: of('auth_since'),
    text: facts.length === 0 ? status : `${status} (${facts.join(', ')})`,
  };
};

/** `progress`: the onboarding or the registration of the connection. */
export const reportConnection = (
  row: Row,
  {
    system,
    progress,
    change,
    now,
  }: { system: Row | undefined; progress: Row | undefined; change?: Row | undefined; now: number },
): ConnectionReport => ({
  connection_id: row.connection_id ?? '',
  sys_id: row.sys_id ?? '',
  role: roleOf(row),
  name: row.name ?? '',
  peer_url: row.peer_url ?? '',
  channel: row.channel ?? '',
  state: row.state ?? '',
  auth_method: row.auth_method ?? '',
  can_upgrade_auth: row.state === 'onboarded' && row.auth_method === 'password' && change === undefined,
  auth_change: change
    ? {
        kind: change.kind ?? '',
        side: change.side ?? '',
        step: change.step ?? '',
        error: change.step_error ?? '',
        grace_until: change.grace_until ?? '',
      }
    : null,
  version: row.peer_version ?? '',
  step: row.state === 'onboarded' ? '' : (progress?.step ?? ''),
  step_error: progress?.step_error ?? '',
  resume_report: row.resume_report ?? '',
  waiting: Number(row.waiting_count || 0),
  round_trip_ms: row.hb_rtt_ms ? Number(row.hb_rtt_ms) : null,
  last_heartbeat: row.hb_acked ?? '',
  outbound: direction(row, 'outbound', system, now),
  inbound: direction(row, 'inbound', system, now),
});

/** An invitation that nobody has accepted yet. */
export const reportRegistration = (registration: Row): ConnectionReport =>
  reportConnection(
    {
      sys_class_name: 'sn_sb_pro_consumer_connection',
      connection_id: registration.connection_id ?? '',
      name: registration.consumer_name ?? '',
      peer_url: registration.consumer_url ?? '',
      channel: registration.channel ?? '',
      state: `registration ${registration.registration_state}`,
      outbound_status: 'not_onboarded',
      inbound_status: 'not_onboarded',
    },
    { system: undefined, progress: registration, now: 0 },
  );
