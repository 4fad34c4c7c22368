// Comments of a peer that lost them, by a restored database: the messages that brought them are kept here for a while, and what they said goes
// back. Each once, however often the peer asks; the peer knows by the message's id which of them it has after all.
import type { Transaction } from '../../store/store.ts';
import { laneOf } from '../message.ts';
import { laneId } from '../queue_ids.ts';
import type { Pair } from '../remote_task/pair.ts';
import type { TasksParts } from '../tasks_parts.ts';
import { returned } from './journals.ts';

/** Of one record; more than anybody writes on it between a backup and its use. */
const mostGivenBack = 1000;

/** `lane`: as the peer calls it; `have`: up to where the peer knows that they are here. */
export type GiveBack = (transaction: Transaction, pair: Pair, from: { lane: string; have: number }) => Promise<void>;

interface Sent {
  key?: unknown;
  value?: unknown;
  capture_metadata?: unknown;
}

export const makeGiveBack =
  ({ records, enqueue }: Pick<TasksParts, 'records' | 'enqueue'>): GiveBack =>
  async (transaction, { connection, correlation }, { lane, have }) => {
    const within = records().within(transaction);
    const received = laneId(connection.sys_id ?? '', 'inbound', lane);
    const query = `lane=${received}^kind=journal^operation=insert^seq>${have}^ORDERBYseq`;
    const kept = await within.find('sn_transport_queue', query, { limit: mostGivenBack });
    const own = laneId(connection.sys_id ?? '', 'outbound', laneOf('record', correlation.local_correlation_id ?? ''));
    const before = await within.findBy('sn_transport_queue', { lane: own, operation: returned });
    const isReturned = new Set(before.map(({ parent_message_id }) => parent_message_id));
    for (const row of kept) {
      if (isReturned.has(row.message_id)) continue;
      const { key, value, capture_metadata } = JSON.parse(row.payload || '{}') as Sent;
      await enqueue(transaction, {
        connection: connection.sys_id ?? '',
        kind: 'journal',
        operation: returned,
        payload: {
          correlation: correlation.local_correlation_id,
          peer_correlation: correlation.remote_correlation_id,
          message_id: row.message_id,
          key,
          value,
          capture_metadata,
        },
        correlationId: correlation.local_correlation_id ?? '',
        source: { table: correlation.local_table ?? '', sysId: correlation.local_record ?? '' },
        parentMessageId: row.message_id ?? '',
      });
    }
  };
