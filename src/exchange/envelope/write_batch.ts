// Messages as a CloudEvents 1.0 batch (docs/exchange_protocol.md). The payload's text goes out as it lies in the queue.
import type { Queued } from '../queue_row.ts';

export const protocolVersion = '1';
export const batchContentType = 'application/cloudevents-batch+json';

/** `previousSeq`: number of the message of this lane that the receiver must have before this one; 0 before the first. */
export interface Numbered {
  readonly queued: Queued;
  readonly previousSeq: number;
}

const optional = (name: string, value: string): string => (value === '' ? '' : `,"${name}":${JSON.stringify(value)}`);

const writeEvent = ({ queued, previousSeq }: Numbered, source: string): string => {
  const { message } = queued;
  return `{"specversion":"1.0","id":${JSON.stringify(message.messageId)},"source":${source},"type":"causeway.exchange.${message.kind}","time":"${new Date(message.createdAt).toISOString()}","datacontenttype":"application/json","protocolversion":"${protocolVersion}","lane":${JSON.stringify(message.lane)},"laneseq":${message.seq},"laneprevious":${previousSeq},"operation":${JSON.stringify(message.operation)}${optional('correlationid', message.correlationId)}${optional('baseversion', message.baseVersion)}${optional('schemaversion', message.schemaVersion)},"payloadhash":"${message.payloadHash}","data":${queued.payloadText}}`;
};

/** `connectionId`: the number that both sides know the connection by. */
export const writeBatch = (messages: readonly Numbered[], connectionId: string): string => {
  const source = JSON.stringify(`/sn_sb/${encodeURIComponent(connectionId)}`);
  return `[${messages.map((each) => writeEvent(each, source)).join(',')}]`;
};

/** Bytes of an event beside its payload, at most, when names have their usual length. */
export const eventOverheadBytes = 700;
