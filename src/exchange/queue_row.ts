// A row of sn_transport_queue as a message. Knows the columns, decides nothing.
import { readWireMoment } from '../kit/clock.ts';
import type { Value } from '../store/store.ts';
import type { Message, MessageKind } from './message.ts';
import type { Source } from './seams.ts';

/** A message on the queue, with what the transport must know beside it. */
export interface Queued {
  readonly message: Message;
  /** sys_id of the queue's row. */
  readonly row: string;
  /** sys_id of the lane's row. */
  readonly laneRow: string;
  /** Canonical JSON, as it goes out. */
  readonly payloadText: string;
  readonly attempts: number;
  readonly source: Source | undefined;
}

/** Of sn_transport_queue: with the lane's name behind them, what `readQueued` takes. */
export const queueColumns = [
  'sys_id',
  'message_id',
  'connection',
  'lane',
  'seq',
  'kind',
  'operation',
  'correlation_id',
  'base_version',
  'schema_version',
  'payload',
  'payload_hash',
  'attempts',
  'source_table',
  'source',
  'sys_created_on',
] as const;

/** Select list over `q` (sn_transport_queue) and `l` (sn_transport_lane). */
export const queuedColumns: string = [...queueColumns.map((column) => `q.${column}`), 'l.name'].join(', ');

/** '' for NULL. */
export const text = (value: Value | undefined): string => (value === null || value === undefined ? '' : String(value));

export const readQueued = (values: readonly Value[]): Queued => {
  const at = (index: number): string => text(values[index]);
  const payloadText = at(10);
  let parsed: { payload: unknown } | undefined;
  return {
    row: at(0),
    laneRow: at(3),
    payloadText,
    attempts: Number(at(12)),
    source: at(14) === '' ? undefined : { table: at(13), sysId: at(14) },
    message: {
      messageId: at(1),
      connection: at(2),
      lane: at(16),
      seq: Number(at(4)),
      kind: at(5) as MessageKind,
      operation: at(6),
      correlationId: at(7),
      baseVersion: at(8),
      schemaVersion: at(9),
      // Sending needs the text alone; who looks into the payload pays for it.
      get payload() {
        parsed ??= { payload: JSON.parse(payloadText) };
        return parsed.payload;
      },
      payloadHash: at(11),
      createdAt: readWireMoment(at(15)),
    },
  };
};
