// An order of a consumer, taken by the provider: a provider task with the consumer's number and sys_id, and the task that it is turned into
// where the item says so. Only what was offered on this connection can be ordered.
import { mappedValues } from '../../catalog/produced_values.ts';
import type { Answer } from '../../catalog/read_answers.ts';
import { readForm } from '../../catalog/read_form.ts';
import type { RecordsInTransaction, Row } from '../../records/records.ts';
import type { Transaction } from '../../store/store.ts';
import { isInService } from '../definition/field_map.ts';
import { providerTaskFor } from '../definition/provider_task_map.ts';
import { itemKind } from '../item/item_kind.ts';
import { peerCaller } from '../origin.ts';
import { refused } from '../refused.ts';
import type { BeginPair } from '../remote_task/begin_pair.ts';
import type { ReadPayload } from '../remote_task/payload.ts';
import type { Outcome } from '../seams.ts';
import type { TasksParts } from '../tasks_parts.ts';
import { type OrderedVariable, readOrdered } from './ordered.ts';
import type { TakeTask } from './take_task.ts';

const table = 'sn_sb_pro_provider_task';

const findItem = async (within: RecordsInTransaction, connection: Row, key: string): Promise<Row | undefined> => {
  const [held] = await within.findBy('sn_sb_pro_entitlement', { connection: connection.sys_id ?? '', entity: key }, { limit: 1 });
  if (!held || held.status === 'withdrawn') return undefined;
  return (await within.findBy(itemKind.providerTable, { sys_id: key }, { limit: 1 }))[0];
};

/** The form may have changed since the consumer's people saw it: what is asked no more stands in the description all the same. */
const answersTo = async (within: RecordsInTransaction, item: Row, variables: readonly OrderedVariable[]): Promise<Answer[]> => {
  const given = new Map(variables.map((each) => [each.name, each]));
  return (await readForm(within, item.sys_id ?? '')).map((variable) => {
    const { value = '', display = '' } = given.get(variable.name) ?? {};
    return { variable, value, display };
  });
};

export const makeTakeOrder = ({ records }: Pick<TasksParts, 'records'>, takeTask: TakeTask, beginPair: BeginPair) => {
  /** The task that people here work on; undefined where they work on the provider task itself. */
  const makeWork = async (
    within: RecordsInTransaction,
    { item, task, connection, variables }: { item: Row; task: Row; connection: Row; variables: readonly OrderedVariable[] },
  ): Promise<Row | undefined> => {
    if (!item.table_name) return undefined;
    const fields = records().dictionary().table(item.table_name)?.fields;
    const values = {
      short_description: task.short_description ?? '',
      description: task.description ?? '',
      ...mappedValues(await answersTo(within, item, variables)),
      company: connection.company ?? '',
      account: connection.company ?? '',
      correlation_display: task.number ?? '',
    };
    const known = Object.entries(values).filter(([element]) => fields?.has(element));
    const caller = peerCaller(connection.sys_id ?? '', 1, `sb_user.${connection.connection_id}`);
    return within.insert(caller, item.table_name, Object.fromEntries(known));
  };

  return async (transaction: Transaction, connection: Row, payload: ReadPayload): Promise<Outcome> => {
    const within = records().within(transaction);
    const order = readOrdered(payload.order);
    if (!order) return refused('exchange.bad_payload', 'The order is not as the protocol says');
    const item = await findItem(within, connection, order.item);
    if (!item) return refused('exchange.item_unknown', 'This item is not offered on this connection');
    if (!isInService(item)) return refused('exchange.item_inactive', `The item ${item.name} is not delivered any more`);
    const values = {
      record_producer: item.sys_id ?? '',
      item_revision: order.revision,
      requested_for_name: order.requestedFor,
      vars_json: JSON.stringify(order.variables),
    };
    const found = await takeTask(transaction, { connection, payload, sysId: order.sysId, values });
    if ('outcome' in found) return found;
    const { task, taken } = found;
    const work = await makeWork(within, { item, task, connection, variables: order.variables });
    const caller = peerCaller(connection.sys_id ?? '', payload.hops + 1, `sb_user.${connection.connection_id}`);
    const record = work ? await within.update(caller, table, order.sysId, { parent: work.sys_id ?? '' }) : task;
    const pair = { task: record, connection, definition: providerTaskFor(connection), side: 'provider' } as const;
    await beginPair(transaction, { pair, record, payload, taken });
    return { outcome: 'applied' };
  };
};
