// Puts a message on the queue in the transaction of the change that it tells of. The lane's row gives the number: it is locked until
// the caller commits, so numbers follow the order of commits. Must not touch the network.
import { type Clock, wireMoment } from '../../kit/clock.ts';
import { Fault } from '../../kit/fault.ts';
import type { Ids } from '../../kit/ids.ts';
import type { Transaction } from '../../store/store.ts';
import { canonicalJson, payloadHash } from '../envelope/canonical_json.ts';
import { currentSchemaVersion, laneOf, type Outgoing, rankOf } from '../message.ts';
import { laneId } from '../queue_ids.ts';
import type { Enqueue } from '../seams.ts';

/** Of one payload, as text: what every carrier takes with room to spare. */
export const payloadLimitBytes = 900_000;

export interface EnqueueParts {
  clock: Clock;
  ids: Ids;
  /** After the commit: something waits on this connection. */
  wake: (connection: string) => void;
}

const profileSql = ({ dialect }: Transaction): string =>
  `INSERT INTO sn_transport_profile (sys_id, connection, failures, permanent_count, transient_count, auth_count, unavailable_count, sys_created_on)
   VALUES (${dialect.parameter(1)}, ${dialect.parameter(1)}, 0, 0, 0, 0, 0, ${dialect.parameter(2)}) ON CONFLICT DO NOTHING`;

const numberSql = ({ dialect }: Transaction): string => {
  const p = dialect.parameter;
  const old = 'sn_transport_lane';
  return `INSERT INTO sn_transport_lane (sys_id, connection, direction, name, lane_rank, state, due_at, last_seq, done_seq, peer_seq,
      error_seq, gap_count, failures, goes_alone, waiting_since, sys_created_on)
    VALUES (${p(1)}, ${p(2)}, 'outbound', ${p(3)}, ${p(4)}, 'waiting', ${p(5)}, 1, 0, 0, 0, 0, 0, 0, ${p(5)}, ${p(6)})
    ON CONFLICT (sys_id) DO UPDATE SET last_seq = ${old}.last_seq + 1,
      due_at = CASE WHEN ${old}.state = 'idle' THEN excluded.due_at ELSE ${old}.due_at END,
      waiting_since = CASE WHEN ${old}.state = 'idle' THEN excluded.waiting_since ELSE ${old}.waiting_since END,
      state = CASE WHEN ${old}.state = 'idle' THEN 'waiting' ELSE ${old}.state END
    RETURNING last_seq`;
};

const rowSql = ({ dialect }: Transaction): string =>
  `INSERT INTO sn_transport_queue (sys_id, message_id, connection, direction, state, lane, seq, kind, operation, correlation_id,
      base_version, schema_version, payload, payload_hash, source_table, source, attempts, parent_message_id,
      sys_created_on, sys_updated_on, sys_mod_count)
    VALUES (${dialect.parameter(1)}, ${dialect.parameter(1)}, ${dialect.parameter(2)}, 'outbound', 'ready',
      ${[3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13].map(dialect.parameter).join(', ')}, 0, ${dialect.parameter(14)},
      ${dialect.parameter(15)}, ${dialect.parameter(15)}, 0)`;

/** Throws `exchange.payload_too_large`. */
export const makeEnqueue = ({ clock, ids, wake }: EnqueueParts): Enqueue => {
  const known = new Set<string>();
  return async (transaction, outgoing: Outgoing) => {
    const { connection, kind, operation, correlationId = '' } = outgoing;
    const text = canonicalJson(outgoing.payload);
    if (Buffer.byteLength(text) > payloadLimitBytes) {
      throw new Fault(
        'too_large',
        'exchange.payload_too_large',
        `The change is too large to be sent: more than ${payloadLimitBytes} bytes`,
      );
    }
    const lane = outgoing.lane ?? laneOf(kind, correlationId);
    const [now, messageId] = [clock.now(), ids.sysId()];
    const moment = wireMoment(now);
    if (!known.has(connection)) await transaction.run(profileSql(transaction), [connection, moment]);
    const id = laneId(connection, 'outbound', lane);
    const [numbered] = await transaction.read(numberSql(transaction), [id, connection, lane, rankOf(kind), now, moment]);
    const seq = Number(numbered?.[0]);
    await transaction.run(rowSql(transaction), [
      messageId,
      connection,
      id,
      seq,
      kind,
      operation,
      correlationId || null,
      outgoing.baseVersion || null,
      outgoing.schemaVersion ?? currentSchemaVersion,
      text,
      payloadHash(text),
      outgoing.source?.table ?? null,
      outgoing.source?.sysId ?? null,
      outgoing.parentMessageId ?? null,
      moment,
    ]);
    transaction.afterCommit(() => {
      known.add(connection);
      wake(connection);
    });
    return { messageId, seq };
  };
};
