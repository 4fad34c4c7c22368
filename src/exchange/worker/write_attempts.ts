// One row per POST, good or bad: what an operator reads when he asks what happened when. Never a payload.
import { type Clock, wireMoment } from '../../kit/clock.ts';
import type { Ids } from '../../kit/ids.ts';
import type { Transaction } from '../../store/store.ts';
import type { CarrierOutcome } from '../carriers/carrier.ts';
import type { ClaimedLane } from '../outbox/claim.ts';
import { recordset } from '../recordset.ts';
import { storedDetail } from '../settle/settle.ts';

export interface Delivery {
  readonly lanes: readonly ClaimedLane[];
  readonly outcome: CarrierOutcome;
}

const shape = {
  sys_id: 'text',
  messages: 'text',
  message_count: 'integer',
  outcome: 'text',
  error_code: 'text',
  error_detail: 'text',
  http_status: 'integer',
  duration_ms: 'integer',
  retry_after_seconds: 'integer',
} as const;

const columns = Object.keys(shape);

/** Of a connection that is gone nothing is written. */
export const writeAttempts = async (
  { dialect, ...transaction }: Transaction,
  connection: string,
  deliveries: readonly Delivery[],
  { clock, ids }: { clock: Clock; ids: Ids },
): Promise<void> => {
  const rows = deliveries.flatMap(({ lanes, outcome }) => {
    const messages = lanes.flatMap((lane) => lane.rows.map((row) => row.message.messageId));
    if (messages.length === 0) return [];
    const failed = outcome.kind === 'failed' ? outcome : undefined;
    return {
      sys_id: ids.sysId(),
      messages: JSON.stringify(messages),
      message_count: messages.length,
      outcome: failed?.class ?? 'answered',
      error_code: failed?.code.slice(0, 100),
      error_detail: failed && storedDetail(failed.detail),
      http_status: failed ? failed.httpStatus : 200,
      duration_ms: Math.round(outcome.roundTripMs),
      retry_after_seconds: failed?.retryAfterMs === undefined ? undefined : Math.round(failed.retryAfterMs / 1000),
    };
  });
  if (rows.length === 0) return;
  const p = dialect.parameter;
  await transaction.run(
    `INSERT INTO sn_transport_attempt (${columns.join(', ')}, connection, sys_created_on)
     SELECT ${columns.map((name) => `r.${name}`).join(', ')}, ${p(2)}, ${p(3)} FROM ${recordset(dialect, 1, 'r', shape)}
     WHERE EXISTS (SELECT 1 FROM sn_transport_profile WHERE sys_id = ${p(2)})`,
    [JSON.stringify(rows), connection, wireMoment(clock.now())],
  );
};
