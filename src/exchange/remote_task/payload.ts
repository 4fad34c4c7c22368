// What a message about a pair says, as it is written and as it is read. Pure. The shape follows the original's captured changes: metadata
// and a list of fields, each with value and display value.
import { isObject } from '../../kit/is_object.ts';
import type { IncomingField } from '../conflict/judge_field.ts';

export interface SentField {
  key: string;
  value: string;
  display_value: string;
  version: number;
  seen: number;
  at: number;
}

export interface PairPayload {
  definition: string;
  number: string;
  /** The sender's name for the pair, and the receiver's as far as the sender knows it. */
  correlation: string;
  peer_correlation: string;
  capture_metadata: { changed_by: string; timestamp: string };
  changed_fields: SentField[];
  hops: number;
  /** Of the sender's record, where the definition keeps it. */
  sys_id?: string;
  /** What was ordered, in the first message of a provider task. */
  order?: unknown;
}

export type ReadField = IncomingField & { readonly key: string; readonly display: string };

export interface ReadPayload {
  readonly definition: string;
  readonly number: string;
  readonly correlation: string;
  readonly peerCorrelation: string;
  readonly changedBy: string;
  readonly timestamp: string;
  readonly fields: readonly ReadField[];
  readonly hops: number;
  /** '' where it is not to be kept. */
  readonly sysId: string;
  readonly order: unknown;
}

const mostFields = 500;

const object = (value: unknown): Record<string, unknown> => (isObject(value) ? value : {});
const text = (value: unknown, most = 100): string => (typeof value === 'string' && value.length <= most ? value : '');
const count = (value: unknown): number => (Number.isSafeInteger(value) && Number(value) >= 0 ? Number(value) : 0);

const readField = (given: unknown): ReadField | undefined => {
  const { key, value, display_value, version, seen, at } = object(given);
  // An empty value is one that is sent; a missing one is a mistake.
  if (typeof key !== 'string' || typeof value !== 'string' || count(version) === 0) return undefined;
  return {
    key,
    value,
    display: typeof display_value === 'string' ? display_value : value,
    version: count(version),
    seen: count(seen),
    atMs: count(at),
  };
};

/** Undefined when it is not what this version of the protocol says. */
export const readPayload = (payload: unknown): ReadPayload | undefined => {
  const given = object(payload);
  const metadata = object(given.capture_metadata);
  const correlation = text(given.correlation);
  const changed: unknown[] = Array.isArray(given.changed_fields) ? given.changed_fields : [undefined];
  const fields = changed.map(readField);
  if (correlation === '' || fields.length > mostFields || fields.includes(undefined)) return undefined;
  return {
    definition: text(given.definition),
    number: text(given.number, 40),
    correlation,
    peerCorrelation: text(given.peer_correlation),
    changedBy: text(metadata.changed_by, 255),
    timestamp: text(metadata.timestamp, 40),
    fields: fields.filter((field) => field !== undefined),
    hops: count(given.hops),
    sysId: /^[0-9a-zA-Z]{32}$/.test(text(given.sys_id)) ? text(given.sys_id) : '',
    order: given.order,
  };
};
