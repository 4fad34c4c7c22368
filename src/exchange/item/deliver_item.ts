// Delivers what is ordered of another organisation: the order becomes a provider task, which goes there in the order's own transaction.
import type { Deliverer } from '../../catalog/order_item.ts';
import { describeAnswers } from '../../catalog/read_answers.ts';
import { Fault } from '../../kit/fault.ts';
import { hasRole } from '../../records/caller.ts';
import type { TasksParts } from '../tasks_parts.ts';
import { itemKind } from './item_kind.ts';

const table = 'sn_sb_con_provider_task';

export const makeItemDeliverer = ({ records }: Pick<TasksParts, 'records'>): Deliverer => ({
  itemTable: itemKind.consumerTable,
  async deliver(transaction, { caller, item, answers, quantity, requestedFor, requestedItem }) {
    if (!hasRole(caller, 'sn_sb.requestor', 'sn_sb.admin'))
      throw new Fault('bad_request', 'catalog.item_refused', 'Security constraints prevent ordering of Item', {
        explanation: 'What other organisations offer is ordered with the role sn_sb.requestor.',
      });
    const within = records().within(transaction);
    const [person] = await within.findBy('sys_user', { sys_id: requestedFor }, { limit: 1 });
    const told = describeAnswers(answers);
    const row = await within.insert({ ...caller, isSystem: true }, table, {
      record_producer: item.sys_id ?? '',
      parent: requestedItem?.sys_id ?? '',
      opened_by: caller.userSysId,
      requested_for_name: person?.name ?? '',
      description: quantity === 1 ? told : `Quantity: ${quantity}\n${told}`,
      vars_json: JSON.stringify(Object.fromEntries(answers.map(({ variable, value }) => [variable.name, value]))),
    });
    return { table, sysId: row.sys_id ?? '', number: row.number ?? '' };
  },
});
