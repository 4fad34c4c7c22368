// The first message of a provider task, in the transaction that makes it or lets it go: an order of the consumer, or what a provider opened.
import type { RecordsInTransaction, Row } from '../../records/records.ts';
import type { Transaction } from '../../store/store.ts';
import { openCorrelation } from '../correlation/correlations.ts';
import { sideOf } from '../definition/field_map.ts';
import { providerTaskFor } from '../definition/provider_task_map.ts';
import { noteCaller } from '../origin.ts';
import { findConnection, type Pair } from '../remote_task/pair.ts';
import type { SendChanges } from '../remote_task/send_changes.ts';
import type { TasksParts } from '../tasks_parts.ts';
import { readVariables, writeOrdered } from './ordered.ts';

const orderOf = async (within: RecordsInTransaction, task: Row): Promise<unknown> => {
  const [item] = await within.findBy('sn_sb_con_remote_record_producer', { sys_id: task.record_producer ?? '' }, { limit: 1 });
  return writeOrdered({
    item: item?.provider_definition ?? '',
    revision: task.item_revision ?? '0',
    sysId: task.sys_id ?? '',
    requestedFor: task.requested_for_name ?? '',
    variables: readVariables(JSON.parse(task.vars_json || '[]')) ?? [],
  });
};

/** Undefined where the connection is gone. */
export const makeBeginTask =
  ({ records, ids }: Pick<TasksParts, 'records' | 'ids'>, sendChanges: SendChanges) =>
  async (transaction: Transaction, task: Row, by: string): Promise<Pair | undefined> => {
    const within = records().within(transaction);
    const connection = await findConnection(within, task.connection);
    if (!connection) return undefined;
    const side = sideOf(connection);
    const correlation = await openCorrelation(within, noteCaller, {
      local_correlation_id: ids.sysId(),
      remote_correlation_id: '',
      local_table: task.sys_class_name ?? '',
      local_record: task.sys_id ?? '',
      connection: task.connection ?? '',
      remote_task: task.sys_id ?? '',
    });
    const pair: Pair = { task, connection, definition: providerTaskFor(connection), correlation, side };
    const first = { pair, row: task, operation: 'insert', by, hops: 0, isNeeded: true } as const;
    await sendChanges(transaction, side === 'consumer' ? { ...first, order: await orderOf(within, task) } : first);
    return pair;
  };
