// The received messages as rows of sn_transport_queue: what makes a replay harmless, and what a person can look at.
import { wireMoment } from '../../kit/clock.ts';
import type { Transaction } from '../../store/store.ts';
import type { RowResult } from '../carriers/carrier.ts';
import type { Received } from '../envelope/read_batch.ts';
import { inboxId } from '../queue_ids.ts';
import { isOneOf, recordset } from '../recordset.ts';
import { storedDetail } from '../settle/settle.ts';

export interface PlacedMessage {
  readonly received: Received;
  readonly laneRow: string;
}

export interface InboundRow extends PlacedMessage {
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

const messageShape = {
  sys_id: 'text',
  message_id: 'text',
  lane: 'text',
  seq: 'integer',
  kind: 'text',
  operation: 'text',
  correlation_id: 'text',
  base_version: 'text',
  schema_version: 'text',
  payload: 'text',
  payload_hash: 'text',
} as const;

const shape = { ...messageShape, state: 'text', error_class: 'text', error_code: 'text', error_detail: 'text' } as const;

const namesOf = (columns: object): string => Object.keys(columns).join(', ');
const valuesOf = (columns: object): string =>
  Object.keys(columns)
    .map((name) => `r.${name}`)
    .join(', ');

const messageValues = (connection: string, { received: { message, payloadText }, laneRow }: PlacedMessage) => ({
  sys_id: inboxId(connection, message.messageId),
  message_id: message.messageId,
  lane: laneRow,
  seq: message.seq,
  kind: message.kind,
  operation: message.operation,
  // What is not there is not written, and read as NULL: reading so many names is half of what such a statement costs.
  correlation_id: message.correlationId || undefined,
  base_version: message.baseVersion || undefined,
  schema_version: message.schemaVersion,
  payload: payloadText,
  payload_hash: message.payloadHash,
});

/** As applied. Answers how many were not here before; those that were stay as they are. */
export const insertProcessed = (
  { dialect, ...transaction }: Transaction,
  connection: string,
  placed: readonly PlacedMessage[],
  now: number,
): Promise<number> => {
  const p = dialect.parameter;
  return transaction.run(
    `INSERT INTO sn_transport_queue (${namesOf(messageShape)}, connection, direction, state, attempts, sys_created_on, sys_updated_on, sys_mod_count)
     SELECT ${valuesOf(messageShape)}, ${p(2)}, 'inbound', 'processed', 1, ${p(3)}, ${p(3)}, 0 FROM ${recordset(dialect, 1, 'r', messageShape)} WHERE true
     ON CONFLICT (sys_id) DO NOTHING`,
    [JSON.stringify(placed.map((each) => messageValues(connection, each))), connection, wireMoment(now)],
  );
};

export const ignoredCode = 'exchange.ignored';

/** Those of them that were ignored, and why. */
export const markIgnored = (
  { dialect, ...transaction }: Transaction,
  connection: string,
  results: readonly RowResult[],
): void => {
  const ignored = results.flatMap((result) =>
    result.outcome === 'ignored' ? { id: inboxId(connection, result.id), detail: storedDetail(result.reason) } : [],
  );
  if (ignored.length === 0) return;
  transaction.send(
    `UPDATE sn_transport_queue SET error_code = '${ignoredCode}', error_detail = r.detail FROM ${recordset(dialect, 1, 'r', { id: 'text', detail: 'text' })}
     WHERE sn_transport_queue.sys_id = r.id`,
    [JSON.stringify(ignored)],
  );
};

/** A message that was refused before and comes again takes its own row. */
export const writeInbound = (
  { dialect, ...transaction }: Transaction,
  connection: string,
  rows: readonly InboundRow[],
  now: number,
): void => {
  if (rows.length === 0) return;
  const [p, moment] = [dialect.parameter, wireMoment(now)];
  const values = rows.map((row) => ({
    ...messageValues(connection, row),
    seq: row.seq,
    state: row.state,
    error_class: row.state === 'error' ? 'permanent' : undefined,
    error_code: row.code ?? undefined,
    error_detail: row.detail ?? undefined,
  }));
  transaction.send(
    `INSERT INTO sn_transport_queue (${namesOf(shape)}, connection, direction, attempts, sys_created_on, sys_updated_on, sys_mod_count)
     SELECT ${valuesOf(shape)}, ${p(2)}, 'inbound', 1, ${p(3)}, ${p(3)}, 0 FROM ${recordset(dialect, 1, 'r', shape)} WHERE true
     ON CONFLICT (sys_id) DO UPDATE SET state = excluded.state, seq = excluded.seq, error_class = excluded.error_class, error_code = excluded.error_code,
       error_detail = excluded.error_detail, attempts = sn_transport_queue.attempts + 1, sys_updated_on = excluded.sys_updated_on`,
    [JSON.stringify(values), connection, moment],
  );
};
