// Whether a connection may send now: the pause kept in its sn_transport_profile row, and what answers do to it. Authentication and 503
// pause the whole connection and burn no attempt; failures in a row open the circuit breaker; one probe at a time looks whether it is over.
import { wireMoment } from '../../kit/clock.ts';
import type { Transaction } from '../../store/store.ts';
import type { CarrierOutcome } from '../carriers/carrier.ts';
import { laneOf } from '../message.ts';
import { laneId } from '../queue_ids.ts';
import type { FailureClass } from '../seams.ts';
import { storedDetail } from '../settle/settle.ts';
import type { TransportSettings } from '../transport_settings.ts';

export type Pause = '' | 'auth' | 'unavailable' | 'breaker' | 'admin';

export interface Standing {
  readonly pause: Pause;
  /** Milliseconds; when the next probe may go. */
  readonly probeAt: number;
  readonly failures: number;
}

const firstProbeMs = 1_000;
const longestProbeMs = 60_000;

/** undefined where the connection is gone, and what was under way on it with it. */
export const readStanding = async (
  { dialect, ...transaction }: Transaction,
  connection: string,
): Promise<Standing | undefined> => {
  const [row] = await transaction.read(
    `SELECT pause, probe_at, failures FROM sn_transport_profile WHERE sys_id = ${dialect.parameter(1)}`,
    [connection],
  );
  return row && { pause: String(row[0] ?? '') as Pause, probeAt: Number(row[1] ?? 0), failures: Number(row[2] ?? 0) };
};

/** True for the one worker that may probe now; the next chance comes later, also when this worker dies. */
export const takeProbe = async ({ dialect, ...transaction }: Transaction, connection: string, now: number): Promise<boolean> => {
  const touched = await transaction.run(
    `UPDATE sn_transport_profile SET probe_at = ${dialect.parameter(2)}
     WHERE sys_id = ${dialect.parameter(1)} AND pause IN ('auth', 'unavailable', 'breaker') AND probe_at <= ${dialect.parameter(3)}`,
    [connection, now + 30_000, now],
  );
  return touched === 1;
};

/** A probe is a heartbeat where one waits, whatever its own backoff says: records are not tried on a peer that may not be there. */
export const preferHeartbeat = async (
  { dialect, ...transaction }: Transaction,
  connection: string,
  now: number,
): Promise<void> => {
  const [lane, at] = [dialect.parameter(1), dialect.parameter(2)];
  await transaction.run(
    `UPDATE sn_transport_lane SET due_at = ${at} WHERE sys_id = ${lane} AND state = 'waiting' AND due_at > ${at}`,
    [laneId(connection, 'outbound', laneOf('heartbeat', '')), now],
  );
};

/**
 * The peer was reached with our credential another way: the next probe of an open breaker need not wait, nor that of a refusal which was
 * under way when the credential was mended. What the peer asked to wait for is waited for. True where one was waiting.
 */
export const hurryProbe = async ({ dialect, ...transaction }: Transaction, connection: string, now: number): Promise<boolean> => {
  const touched = await transaction.run(
    `UPDATE sn_transport_profile SET probe_at = 0 WHERE sys_id = ${dialect.parameter(1)} AND pause IN ('breaker', 'auth') AND probe_at > ${dialect.parameter(2)}`,
    [connection, now],
  );
  return touched === 1;
};

/** What the latest answers make of the standing. Pure. */
export const nextStanding = (
  standing: Standing,
  outcomes: readonly CarrierOutcome[],
  { settings, now, random }: { settings: TransportSettings; now: number; random: () => number },
): Standing & { reason?: Extract<CarrierOutcome, { kind: 'failed' }> } => {
  let { pause, probeAt, failures } = standing;
  let reason: Extract<CarrierOutcome, { kind: 'failed' }> | undefined;
  for (const outcome of outcomes) {
    if (outcome.kind === 'answered' || outcome.class === 'permanent') {
      // The peer looked at what was sent: it is there and knows us.
      failures = 0;
      reason = undefined;
      if (pause !== 'admin') pause = '';
    } else {
      // POSTs that were under way together fail together: that is one failure.
      failures = (outcomes[0] === outcome || failures === 0 ? failures : failures - 1) + 1;
      if (outcome.class !== 'transient' && pause !== 'admin') pause = outcome.class;
      else if (pause === '' && failures >= settings.breakerFailures) pause = 'breaker';
      reason = outcome;
      const free = outcome.class === 'transient' ? settings.breakerFailures : 1;
      const backoff =
        Math.min(longestProbeMs, firstProbeMs * 2 ** Math.min(Math.max(0, failures - free), 10)) * (1 + random() / 5);
      if (pause !== '') probeAt = Math.round(now + (outcome.retryAfterMs ?? backoff));
    }
  }
  return { pause, probeAt, failures, ...(reason ? { reason } : {}) };
};

/** The peer was asked another way, more than once, and is not there: held back as after as many POSTs as open the breaker. */
export const openBreaker = async (
  transaction: Transaction,
  connection: string,
  failure: { readonly code: string; readonly detail: string },
  given: Parameters<typeof nextStanding>[2],
): Promise<void> => {
  const before = await readStanding(transaction, connection);
  if (before?.pause !== '') return;
  const outcomes = [
    { kind: 'failed', class: 'transient', ...failure, httpStatus: 0, retryAfterMs: undefined, roundTripMs: 0 },
  ] as const;
  const after = nextStanding({ ...before, failures: given.settings.breakerFailures - 1 }, outcomes, given);
  await writeStanding(transaction, connection, before, after, outcomes, given.now);
};

const counters: Readonly<Record<FailureClass, string>> = {
  permanent: 'permanent_count',
  transient: 'transient_count',
  auth: 'auth_count',
  unavailable: 'unavailable_count',
};

/** Writes only what changed: on the good path nothing does, and nobody waits for this row. */
export const writeStanding = async (
  { dialect, ...transaction }: Transaction,
  connection: string,
  before: Standing,
  after: ReturnType<typeof nextStanding>,
  outcomes: readonly CarrierOutcome[],
  now: number,
): Promise<void> => {
  const failed = outcomes.flatMap((outcome) => (outcome.kind === 'failed' ? [outcome] : []));
  if (failed.length === 0 && before.pause === after.pause && before.failures === after.failures) return;
  const counts = Object.entries(counters).map(([name, column]) => {
    const count = failed.filter((outcome) => outcome.class === name).length;
    return `${column} = ${column} + ${count}`;
  });
  const p = dialect.parameter;
  // Nobody may end an administrator's pause but an administrator, who may have set it while this POST was under way.
  const kept = (column: string, n: number): string => `${column} = CASE WHEN pause = 'admin' THEN ${column} ELSE ${p(n)} END`;
  await transaction.run(
    `UPDATE sn_transport_profile SET ${counts.join(', ')}, failures = ${p(2)}, probe_at = ${p(3)}, ${kept('pause_code', 4)},
       ${kept('pause_detail', 5)}, paused_at = CASE WHEN pause = 'admin' THEN paused_at WHEN ${p(6)} = '' THEN NULL WHEN pause = ${p(6)} THEN paused_at ELSE ${p(7)} END,
       pause = CASE WHEN pause = 'admin' THEN pause WHEN ${p(6)} = '' THEN NULL ELSE ${p(6)} END, sys_updated_on = ${p(7)}
     WHERE sys_id = ${p(1)}`,
    [
      connection,
      after.failures,
      after.probeAt,
      after.pause === '' ? null : (after.reason?.code.slice(0, 100) ?? null),
      after.pause === '' ? null : storedDetail(after.reason?.detail ?? ''),
      after.pause,
      wireMoment(now),
    ],
  );
};
