// A case that a provider opens of its own accord reaches the consumer that it is about: a provider task is opened for it, once, in the transaction
// of the change itself. What stands in the way never keeps the case from being written.
import { isFault } from '../../kit/fault.ts';
import type { Rule } from '../../records/records.ts';
import { originOf } from '../origin.ts';
import type { TasksParts } from '../tasks_parts.ts';
import { connectionsAbout } from './open_task.ts';

const table = 'sn_sb_pro_provider_task';
const decisive = ['proactive', 'account', 'company'];

export const makeProactiveRule = ({ records, log }: Pick<TasksParts, 'records' | 'log'>): Rule => ({
  name: 'exchange: proactive cases reach the consumer',
  tables: ['sn_customerservice_case'],
  async applied(transaction, { operation, after, changed, caller }) {
    if (operation === 'delete' || after.proactive !== 'true' || after.active === 'false' || originOf(caller)) return;
    if (operation === 'update' && !decisive.some((element) => changed.includes(element))) return;
    const within = records().within(transaction);
    const connections = await connectionsAbout(within, after);
    const parent = after.sys_id ?? '';
    if (connections.length === 0 || (await within.findBy(table, { parent }, { limit: 1 })).length > 0) return;
    try {
      await within.insert({ ...caller, isSystem: true }, table, { parent });
    } catch (error) {
      if (!isFault(error)) throw error;
      const why = error.explanation ?? error.message;
      log.write({ level: 'warning', text: `Exchange: ${after.number} is proactive, and no provider task was opened: ${why}` });
    }
  },
});
