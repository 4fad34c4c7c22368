// A message between two instances: what the queue carries, whatever the carrier. Knows no table and no network.

/** How the sender meant the message; each kind has one applier at the receiver. `ack` is the transport's own. */
export const messageKinds = ['record', 'journal', 'attachment', 'config', 'settings', 'heartbeat', 'choice', 'ack'] as const;
export type MessageKind = (typeof messageKinds)[number];

export interface Message {
  /** Given by the sender, the same at every attempt: with the connection it is what makes a replay harmless. */
  readonly messageId: string;
  /** sys_id of the local sn_sb_connection row. */
  readonly connection: string;
  /** Name of the lane, unique within the connection: order is kept within it and only there. */
  readonly lane: string;
  /** Counts 1, 2, 3 … within the lane. */
  readonly seq: number;
  readonly kind: MessageKind;
  /** `insert`, `update`, `delete`, or a word of the kind's own. */
  readonly operation: string;
  /** '' where the message belongs to no pair of records. */
  readonly correlationId: string;
  /** Version of the receiver's record that the sender had seen; '' where none. */
  readonly baseVersion: string;
  readonly schemaVersion: string;
  /** JSON. */
  readonly payload: unknown;
  /** SHA-256, hex, of the canonical JSON text of the payload. */
  readonly payloadHash: string;
  /** Milliseconds since the epoch, by the sender's clock. */
  readonly createdAt: number;
}

/** What a room wants sent. */
export interface Outgoing {
  /** sys_id of the sn_sb_connection row. */
  connection: string;
  kind: MessageKind;
  operation: string;
  payload: unknown;
  correlationId?: string;
  /** The kind's usual lane (`laneOf`) where it is not said. */
  lane?: string;
  baseVersion?: string;
  schemaVersion?: string;
  /** The record whose change this is: where a refusal is shown. */
  source?: { table: string; sysId: string };
  /** The message this one answers or repairs. */
  parentMessageId?: string;
}

/** The version of payloads that senders write when they say nothing else. */
export const currentSchemaVersion = '1';

/**
 * Attachments have lanes beside their records', so that a bad file never holds up the record; heartbeats and acknowledgements pass
 * everything; configuration has one lane, because data is only understood after it.
 */
export const laneOf = (kind: MessageKind, correlationId: string): string => {
  if (kind === 'heartbeat' || kind === 'ack') return kind;
  if (kind === 'config' || kind === 'settings' || kind === 'choice') return 'config';
  return kind === 'attachment' ? `attachment:${correlationId}` : `record:${correlationId}`;
};

/** Lanes of a lower rank are claimed first; while configuration waits, data does. */
export const rankOf = (kind: MessageKind): number => {
  if (kind === 'heartbeat') return 0;
  if (kind === 'ack') return 1;
  if (kind === 'config' || kind === 'settings' || kind === 'choice') return 2;
  return kind === 'attachment' ? 9 : 5;
};

/** The rank up to which lanes are configuration or the transport's own. */
export const lastControlRank = 2;
