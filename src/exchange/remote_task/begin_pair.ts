// What a record made for a peer's and its tie are followed by: the correlation, the versions of what came, and word to the peer of how the
// pair is called here.
import type { Row } from '../../records/records.ts';
import type { Transaction } from '../../store/store.ts';
import { readFieldVersions } from '../conflict/field_versions.ts';
import { openCorrelation } from '../correlation/correlations.ts';
import { noteCaller } from '../origin.ts';
import type { TasksParts } from '../tasks_parts.ts';
import type { Pair } from './pair.ts';
import type { ReadPayload } from './payload.ts';
import type { SendChanges } from './send_changes.ts';
import type { Taken } from './take_fields.ts';

export interface Beginning {
  readonly pair: Omit<Pair, 'correlation'>;
  /** The record here, which the tie speaks for. */
  readonly record: Row;
  readonly payload: ReadPayload;
  readonly taken: readonly Taken[];
}

export type BeginPair = (transaction: Transaction, beginning: Beginning) => Promise<void>;

export const makeBeginPair =
  ({ records, ids }: Pick<TasksParts, 'records' | 'ids'>, sendChanges: SendChanges): BeginPair =>
  async (transaction, { pair, record, payload, taken }) => {
    const within = records().within(transaction);
    const { task, connection } = pair;
    const correlation = await openCorrelation(within, noteCaller, {
      local_correlation_id: ids.sysId(),
      remote_correlation_id: payload.correlation,
      local_table: record.sys_class_name ?? '',
      local_record: record.sys_id ?? '',
      connection: connection.sys_id ?? '',
      remote_task: task.sys_id ?? '',
    });
    const versions = await readFieldVersions(within, task.sys_id ?? '');
    for (const { field, incoming } of taken)
      await versions.set(field.target, {
        ownVersion: 0,
        peerVersion: incoming.version,
        value: record[field.target] ?? '',
        changedMs: incoming.atMs,
      });
    // It tells the peer how the pair is called here, and what the record got by itself.
    const whole: Pair = { ...pair, correlation };
    await sendChanges(transaction, {
      pair: whole,
      row: record,
      operation: 'update',
      by: '',
      hops: payload.hops + 1,
      isNeeded: true,
    });
  };
