// A CloudEvents batch from a peer, as messages. What is not known is tolerated where it is an attribute, and refused with a reason
// where the sender says that it must be understood. Pure; nothing here is trusted.
import { Fault } from '../../kit/fault.ts';
import { currentSchemaVersion, type Message, type MessageKind, messageKinds } from '../message.ts';
import { canonicalJson, payloadHash } from './canonical_json.ts';
import { protocolVersion } from './write_batch.ts';

export interface Received {
  readonly message: Message;
  readonly previousSeq: number;
  readonly payloadText: string;
}

export type ReadEvent = { readonly id: string } & (
  | { readonly received: Received }
  | { readonly code: string; readonly detail: string }
);

/** What this receiver understands beyond the plain protocol; a message may name what it `requires`. */
export const knownFeatures: ReadonlySet<string> = new Set(['lanes', 'ack', 'gap']);

const batchLimit = 1000;
const kinds: ReadonlyMap<string, MessageKind> = new Map(messageKinds.map((kind) => [kind, kind]));
const typePrefix = 'causeway.exchange.';

type Attributes = ReadonlyMap<string, unknown>;

const malformed = (explanation: string): Fault =>
  new Fault('bad_request', 'exchange.malformed_batch', 'The body is not a batch of messages', { explanation });

const isText = (value: unknown, least: number, most: number): value is string =>
  typeof value === 'string' && value.length >= least && value.length <= most && value.isWellFormed() && !value.includes('\0');

const isCount = (value: unknown, least: number): value is number => Number.isSafeInteger(value) && (value as number) >= least;

const unknownFeature = (requires: unknown): string | undefined =>
  requires === undefined
    ? undefined
    : String(requires)
        .split(',')
        .map((word) => word.trim())
        .find((word) => word !== '' && !knownFeatures.has(word));

/** Code and detail of the first thing that is wrong with the envelope, '' when nothing is. */
const complaint = (event: Attributes): readonly [string, string] | undefined => {
  if (event.get('specversion') !== '1.0') return ['exchange.bad_envelope', 'specversion must be 1.0'];
  if (event.get('protocolversion') !== protocolVersion) {
    return ['exchange.unsupported_version', `This instance speaks version ${protocolVersion} of the exchange protocol`];
  }
  const feature = unknownFeature(event.get('requires'));
  if (feature !== undefined)
    return ['exchange.unknown_feature', `This instance does not know the feature ${feature.slice(0, 60)}`];
  const type = event.get('type');
  if (typeof type !== 'string' || !type.startsWith(typePrefix) || !kinds.has(type.slice(typePrefix.length))) {
    return ['exchange.unknown_kind', 'This instance does not know messages of this type'];
  }
  if (!isText(event.get('lane'), 1, 255)) return ['exchange.bad_envelope', 'lane must be a name of 1 to 255 characters'];
  if (!isCount(event.get('laneseq'), 1)) return ['exchange.bad_envelope', 'laneseq must be a whole number from 1'];
  if (!isCount(event.get('laneprevious'), 0) || Number(event.get('laneprevious')) >= Number(event.get('laneseq'))) {
    return ['exchange.bad_envelope', 'laneprevious must be a whole number below laneseq'];
  }
  if (!isText(event.get('operation'), 1, 40)) return ['exchange.bad_envelope', 'operation must have 1 to 40 characters'];
  for (const name of ['correlationid', 'baseversion', 'schemaversion']) {
    if (event.has(name) && !isText(event.get(name), 0, 100))
      return ['exchange.bad_envelope', `${name} must have at most 100 characters`];
  }
  if (!event.has('data')) return ['exchange.bad_envelope', 'data is missing'];
  return undefined;
};

const deepestData = 100;
const isTooDeep = (value: unknown, left: number): boolean => {
  if (value === null || typeof value !== 'object') return false;
  return left === 0 || Object.values(value).some((each) => isTooDeep(each, left - 1));
};

// Our own sender wrote canonical text, so parsing and writing gives it back; the canonical form is only looked for when it does not.
const hashedText = (data: unknown, expected: unknown): string | undefined => {
  const text = JSON.stringify(data);
  if (payloadHash(text) === expected) return text;
  const canonical = canonicalJson(data);
  return payloadHash(canonical) === expected ? canonical : undefined;
};

const text = (event: Attributes, name: string): string => String(event.get(name) ?? '');

const readEvent = (value: unknown, connection: string, now: number): ReadEvent => {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) throw malformed('Each message is a JSON object.');
  const event: Attributes = new Map(Object.entries(value));
  const id = event.get('id');
  if (!isText(id, 1, 100)) throw malformed('Each message has an id of 1 to 100 characters.');
  const wrong = complaint(event);
  if (wrong) return { id, code: wrong[0], detail: wrong[1] };
  const data = event.get('data');
  if (isTooDeep(data, deepestData))
    return { id, code: 'exchange.bad_envelope', detail: `data is nested deeper than ${deepestData} levels` };
  const payloadText = hashedText(data, event.get('payloadhash'));
  if (payloadText === undefined)
    return { id, code: 'exchange.payload_hash', detail: 'The payload does not have the hash that its envelope names' };
  const time = Date.parse(text(event, 'time'));
  const message: Message = {
    messageId: id,
    connection,
    lane: text(event, 'lane'),
    seq: Number(event.get('laneseq')),
    kind: text(event, 'type').slice(typePrefix.length) as MessageKind,
    operation: text(event, 'operation'),
    correlationId: text(event, 'correlationid'),
    baseVersion: text(event, 'baseversion'),
    schemaVersion: text(event, 'schemaversion') || currentSchemaVersion,
    payload: data,
    payloadHash: text(event, 'payloadhash'),
    createdAt: Number.isNaN(time) ? now : time,
  };
  return { id, received: { message, previousSeq: Number(event.get('laneprevious')), payloadText } };
};

/** `connection`: sys_id of the connection whose user sent it. Throws `exchange.malformed_batch` when not even ids can be read. */
export const readBatch = (body: unknown, connection: string, now: number): ReadEvent[] => {
  if (!Array.isArray(body)) throw malformed('It is not a JSON array.');
  if (body.length > batchLimit) throw malformed(`It has more than ${batchLimit} messages.`);
  return body.map((event) => readEvent(event, connection, now));
};
