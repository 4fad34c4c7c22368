// Remote tasks that nobody makes by hand: a consumer may say of a definition for which of its records they are made. In the transaction of the
// change itself; a trigger that does not work never keeps a record from being written.
import { Fault, isFault } from '../../kit/fault.ts';
import type { RecordsInTransaction, Row, Rule } from '../../records/records.ts';
import { definitionTable, localTable } from '../definition/field_map.ts';
import { originOf } from '../origin.ts';
import type { TasksParts } from '../tasks_parts.ts';

const definitions = definitionTable('consumer');

// It is judged for one record at a time: an alternative of its own would be about all others.
const isAboutOthers = (condition: string): boolean => /\^(NQ|EQ)/.test(condition);

export const makeTriggerRules = ({ records, log }: Pick<TasksParts, 'records' | 'log'>): readonly Rule[] => {
  const active = (within: RecordsInTransaction): Promise<Row[]> =>
    within.findBy(definitions, { trigger_active: 'true', state: 'published' });

  return [
    {
      name: 'exchange: what holds of a trigger',
      tables: [definitions],
      async check(_transaction, { operation, values }) {
        if (operation !== 'delete' && isAboutOthers(values.trigger_condition ?? ''))
          throw new Fault('bad_request', 'exchange.trigger_invalid', 'The condition of the trigger is not valid', {
            explanation: 'It is about one record: ^NQ and ^EQ cannot stand in it.',
          });
      },
    },
    {
      name: 'exchange: remote tasks made by triggers',
      tables: ['task'],
      async concerns(transaction, changes) {
        const some = await active(records().within(transaction));
        return some.length > 0 ? changes : [];
      },
      async applied(transaction, { table, operation, sysId, caller }) {
        const isTie = table.chain.some(({ name }) => name.startsWith('sn_sb_'));
        // What a peer sends goes on to others only where somebody says so.
        if (operation === 'delete' || isTie || originOf(caller)) return;
        const within = records().within(transaction);
        for (const definition of await active(within)) {
          const local = localTable(definition, 'consumer');
          if (!table.chain.some(({ name }) => name === local)) continue;
          const condition = definition.trigger_condition ?? '';
          const query = condition === '' ? `sys_id=${sysId}` : `sys_id=${sysId}^${condition}`;
          if ((await within.find(table.name, query, { limit: 1 })).length === 0) continue;
          const pair_key = `${sysId}:${definition.sys_id}`;
          if ((await within.findBy('sn_sb_remote_task', { pair_key }, { limit: 1 })).length > 0) continue;
          try {
            await within.insert({ ...caller, isSystem: true }, 'sn_sb_con_remote_task', {
              parent: sysId,
              definition: definition.sys_id ?? '',
              connection: definition.connection ?? '',
            });
          } catch (error) {
            if (!isFault(error)) throw error;
            const why = error.explanation ?? error.message;
            log.write({ level: 'warning', text: `Exchange: the trigger of ${definition.name} made no remote task: ${why}` });
          }
        }
      },
    },
  ];
};
