// What holds of every provider task: ordered from an item that is active here, with answers that fit its form, or opened by the provider; moved
// from state to state, and approved, only as its side may. What was ordered stays what it was.
import { describeAnswers, readAnswers } from '../../catalog/read_answers.ts';
import { readForm } from '../../catalog/read_form.ts';
import { Fault } from '../../kit/fault.ts';
import { isObject } from '../../kit/is_object.ts';
import type { RecordsInTransaction, Row, Rule } from '../../records/records.ts';
import type { Side } from '../definition/field_map.ts';
import { itemKind } from '../item/item_kind.ts';
import { originOf } from '../origin.ts';
import { findConnection } from '../remote_task/pair.ts';
import type { TasksParts } from '../tasks_parts.ts';
import { mayDecide, mayMove, received } from './moves.ts';
import { fillOpened } from './open_task.ts';
import { orderedVariables } from './ordered.ts';

type Values = Record<string, string>;

const fixedElements = ['connection', 'record_producer', 'item_revision', 'vars_json', 'number', 'requested_for_name'] as const;

const refusal = (explanation: string): Fault =>
  new Fault('bad_request', 'exchange.order_invalid', 'The order is not valid', { explanation });

const given = (text: string): ReadonlyMap<string, unknown> => {
  try {
    const read: unknown = JSON.parse(text || '{}');
    if (isObject(read)) return new Map(Object.entries(read));
  } catch {
    // Told below, like every other shape.
  }
  throw refusal('vars_json is a JSON object of the names of variables and their values');
};

const findOrderable = async (within: RecordsInTransaction, sysId: string): Promise<{ item: Row; connection: Row }> => {
  const [item] = sysId ? await within.findBy(itemKind.consumerTable, { sys_id: sysId }, { limit: 1 }) : [];
  if (item?.active !== 'true' || item.state !== 'published')
    throw refusal('A provider task is ordered from an active remote record producer');
  const connection = await findConnection(within, item.connection);
  if (connection?.active !== 'true' || connection.state !== 'onboarded')
    throw refusal('The connection to the provider is not active');
  return { item, connection };
};

const fillOrder = async (within: RecordsInTransaction, values: Values): Promise<void> => {
  const { item, connection } = await findOrderable(within, values.record_producer ?? '');
  const answers = readAnswers(await readForm(within, item.sys_id ?? ''), given(values.vars_json ?? ''));
  const [person] = values.opened_by ? await within.findBy('sys_user', { sys_id: values.opened_by }, { limit: 1 }) : [];
  Object.assign(values, {
    connection: connection.sys_id ?? '',
    company: connection.company ?? '',
    item_revision: item.active_revision ?? '0',
    state: received,
    status: 'new',
    vars_json: JSON.stringify(orderedVariables(answers)),
    sync: item.wait_for_sync === 'true' ? 'false' : 'true',
  });
  values.short_description ||= item.short_description || (item.name ?? '');
  values.description ||= describeAnswers(answers);
  values.requested_for_name ||= person?.name ?? '';
};

const refuseMove = (explanation: string): Fault =>
  new Fault('conflict', 'exchange.order_state', 'The provider task cannot be moved there', { explanation });

const requireMove = (side: Side, before: Readonly<Values>, values: Values): void => {
  const [from = '', to = ''] = [before.state, values.state];
  if (from !== to && !mayMove(side, from, to)) throw refuseMove(`The ${side} does not set it from ${from} to ${to}.`);
  const [asked = '', answer = ''] = [before.approval, values.approval];
  if (asked !== answer && !mayDecide(side, asked, answer))
    throw refuseMove(`The ${side} does not set its approval from ${asked} to ${answer}.`);
  if (values.sync === before.sync) return;
  const isLetGo = before.sync === 'false' && values.sync === 'true' && to === received;
  if (!isLetGo) throw refuseMove('Sync is set to true once, while the task is Received.');
};

export const makeOrderChecks = ({ records }: Pick<TasksParts, 'records'>): Rule => ({
  name: 'exchange: what holds of a provider task',
  tables: ['sn_sb_provider_task'],
  async check(transaction, { table, operation, before, values, caller }) {
    if (operation === 'delete' || originOf(caller)) return;
    const within = records().within(transaction);
    const side: Side = table.name === 'sn_sb_con_provider_task' ? 'consumer' : 'provider';
    if (operation === 'insert') {
      if (side === 'provider') await fillOpened(within, records().dictionary(), { values, caller });
      else await fillOrder(within, values);
      return;
    }
    if (fixedElements.some((element) => values[element] !== before[element]))
      throw new Fault('conflict', 'exchange.order_fixed', 'This cannot be changed on a provider task', {
        explanation: 'What was ordered, where and under which number stays as it is.',
      });
    requireMove(side, before, values);
  },
});
