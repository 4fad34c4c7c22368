// The received messages as rows of sn_transport_queue: what makes a replay harmless, and what a person can look at.
import { wireMoment } from '../../kit/clock.ts';
import type { Transaction } from '../../store/store.ts';
import type { Received } from '../envelope/read_batch.ts';
import { inboxId } from '../queue_ids.ts';
import { isOneOf, recordset } from '../recordset.ts';

export interface InboundRow {
  readonly received: Received;
  readonly laneRow: string;
  /** null while it holds no place in its lane: refused before it was stored. */
  readonly seq: number | null;
  readonly state: 'ready' | 'processed' | 'error';
  readonly code: string | null;
  readonly detail: string | null;
}

export interface KnownRow {
  readonly state: string;
  readonly seq: number;
  readonly code: string;
  readonly detail: string;
}

/** By message id: what came before. */
export const readKnown = async (
  { dialect, ...transaction }: Transaction,
  connection: string,
  received: readonly Received[],
): Promise<Map<string, KnownRow>> => {
  const byRow = new Map(received.map(({ message }) => [inboxId(connection, message.messageId), message.messageId]));
  const rows = await transaction.read(
    `SELECT sys_id, state, seq, error_code, error_detail FROM sn_transport_queue WHERE sys_id ${isOneOf(dialect, 1)}`,
    [JSON.stringify([...byRow.keys()])],
  );
  return new Map(
    rows.map(([id, state, seq, code, detail]) => [
      byRow.get(String(id)) ?? '',
      { state: String(state), seq: Number(seq ?? 0), code: String(code ?? ''), detail: String(detail ?? '') },
    ]),
  );
};

const shape = {
  sys_id: 'text',
  message_id: 'text',
  state: 'text',
  lane: 'text',
  seq: 'integer',
  kind: 'text',
  operation: 'text',
  correlation_id: 'text',
  base_version: 'text',
  schema_version: 'text',
  payload: 'text',
  payload_hash: 'text',
  error_class: 'text',
  error_code: 'text',
  error_detail: 'text',
} as const;

const columns = Object.keys(shape);

/** A message that was refused before and comes again takes its own row. */
export const writeInbound = (
  { dialect, ...transaction }: Transaction,
  connection: string,
  rows: readonly InboundRow[],
  now: number,
): void => {
  if (rows.length === 0) return;
  const [p, moment] = [dialect.parameter, wireMoment(now)];
  const values = rows.map(({ received: { message, payloadText }, ...row }) => ({
    sys_id: inboxId(connection, message.messageId),
    message_id: message.messageId,
    state: row.state,
    lane: row.laneRow,
    seq: row.seq,
    kind: message.kind,
    operation: message.operation,
    // What is not there is not written, and read as NULL: reading so many names is half of what such a statement costs.
    correlation_id: message.correlationId || undefined,
    base_version: message.baseVersion || undefined,
    schema_version: message.schemaVersion,
    payload: payloadText,
    payload_hash: message.payloadHash,
    error_class: row.state === 'error' ? 'permanent' : undefined,
    error_code: row.code ?? undefined,
    error_detail: row.detail ?? undefined,
  }));
  transaction.send(
    `INSERT INTO sn_transport_queue (${columns.join(', ')}, connection, direction, attempts, sys_created_on, sys_updated_on, sys_mod_count)
     SELECT ${columns.map((name) => `r.${name}`).join(', ')}, ${p(2)}, 'inbound', 1, ${p(3)}, ${p(3)}, 0 FROM ${recordset(dialect, 1, 'r', shape)} WHERE true
     ON CONFLICT (sys_id) DO UPDATE SET state = excluded.state, seq = excluded.seq, error_class = excluded.error_class, error_code = excluded.error_code,
       error_detail = excluded.error_detail, attempts = sn_transport_queue.attempts + 1, sys_updated_on = excluded.sys_updated_on`,
    [JSON.stringify(values), connection, moment],
  );
};
