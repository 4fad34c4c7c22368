// POST /api/sn_sb/exchange/v1/messages: a batch from a peer. The caller must be the integration user of a connection; what the batch
// says of itself counts for nothing. Answers message by message, only after what it answers is durable.

import { codeHeader, incarnationHeader } from '../../exchange/carriers/http.ts';
import type { ReadEvent } from '../../exchange/envelope/read_batch.ts';
import { readBatch } from '../../exchange/envelope/read_batch.ts';
import { batchContentType } from '../../exchange/envelope/write_batch.ts';
import { waitingLimit } from '../../exchange/inbox/receive.ts';
import type { ConnectionBook, ConnectionView } from '../../exchange/seams.ts';
import type { Transport } from '../../exchange/transport.ts';
import type { Clock } from '../../kit/clock.ts';
import { Fault, isFault } from '../../kit/fault.ts';
import type { Answer, Api, Asked } from '../api.ts';

export interface MessagesParts {
  clock: Clock;
  transport: Pick<Transport, 'receive' | 'waiting'>;
  book: Pick<ConnectionBook, 'ofCaller'>;
  /** Throws Fault where this connection may not be received from now: quarantined here, or the peer is not who it was. */
  admitPeer(connection: ConnectionView, incarnation: string): Promise<void>;
}

const parseBody = (text: string): unknown => {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw new Fault('bad_request', 'exchange.malformed_batch', 'The body is not a batch of messages', {
      explanation: 'It is not JSON.',
    });
  }
};

/** The connection whose integration user is calling. Throws `exchange.not_a_peer`. */
export const peerOf = async (
  asked: Asked,
  { book, admitPeer }: Pick<MessagesParts, 'book' | 'admitPeer'>,
): Promise<ConnectionView> => {
  const connection = await book.ofCaller(asked.caller.userSysId);
  if (!connection) {
    throw new Fault('forbidden', 'exchange.not_a_peer', 'User Not Authorized', {
      explanation: 'Only the integration user of a connection may exchange messages.',
    });
  }
  const incarnation = asked.headers[incarnationHeader];
  await admitPeer(connection, typeof incarnation === 'string' ? incarnation : '');
  return connection;
};

/** The same fault, its code told to the peer: its queue shows it, and its doctor goes by it. */
export const withCode = async (work: () => Promise<Answer>): Promise<Answer> => {
  try {
    return await work();
  } catch (error) {
    if (!isFault(error)) throw error;
    const { explanation, detail, retryAfterSeconds, headers } = error;
    throw new Fault(error.kind, error.code, error.message, {
      explanation,
      cause: error,
      headers: { ...headers, [codeHeader]: error.code },
      ...(detail === undefined ? {} : { detail }),
      ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }),
    });
  }
};

const takeMessages =
  (parts: MessagesParts) =>
  (asked: Asked): Promise<Answer> =>
    withCode(async () => {
      const connection = await peerOf(asked, parts);
      if (parts.transport.waiting(connection.sysId) > waitingLimit) {
        throw new Fault('unavailable', 'exchange.overloaded', 'Too many messages wait here', { retryAfterSeconds: 5 });
      }
      const body = parseBody(await asked.text([batchContentType, 'application/json']));
      const events: ReadEvent[] = readBatch(body, connection.sysId, parts.clock.now());
      const results = await parts.transport.receive(connection, events);
      return { status: 200, body: JSON.stringify({ results }) };
    });

export const makeMessagesApi = (parts: MessagesParts): Api => ({
  name: 'sn_sb/exchange',
  base: '/api/sn_sb/exchange',
  versions: ['v1'],
  operations: [{ method: 'POST', path: '/messages', produces: ['application/json'], handle: takeMessages(parts) }],
});
