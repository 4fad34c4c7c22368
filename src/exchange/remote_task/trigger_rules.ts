// Remote tasks that nobody makes by hand: a consumer may say of a definition for which of its records they are made. In the transaction of the
// change itself; a trigger that does not work never keeps a record from being written.
import { Fault, isFault } from '../../kit/fault.ts';
import type { RecordsInTransaction, Row, Rule } from '../../records/records.ts';
import { makeTopicCache } from '../../records/topic_cache.ts';
import { definitionTable, localTable } from '../definition/field_map.ts';
import { originOf } from '../origin.ts';
import type { TasksParts } from '../tasks_parts.ts';

const definitions = definitionTable('consumer');

const triggersTopic = 'exchange_triggers';
const atWork = { trigger_active: 'true', state: 'published' };

// It is judged for one record at a time: an alternative of its own would be about all others.
const isAboutOthers = (condition: string): boolean => /\^(NQ|EQ)/.test(condition);

export const makeTriggerRules = ({ records, store, log }: Pick<TasksParts, 'records' | 'store' | 'log'>): readonly Rule[] => {
  const active = (within: RecordsInTransaction): Promise<Row[]> => within.findBy(definitions, atWork);

  // Most instances have no trigger, and every change of a task would look for one.
  const some = makeTopicCache({
    store,
    topics: [triggersTopic],
    make: async () => (await records().findBy(definitions, atWork, { limit: 1 })).length > 0,
  });
  /** A transaction must not wait for what is not its own: where it is not known, the transaction looks. */
  const surelyNone = (): boolean => {
    const known = some.current();
    if (typeof known === 'boolean') return !known;
    known.catch(() => {});
    return false;
  };

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
      async applied(transaction, { after }) {
        if (after.trigger_active === atWork.trigger_active && after.state === atWork.state) await transaction.bump(triggersTopic);
      },
    },
    {
      name: 'exchange: remote tasks made by triggers',
      tables: ['task'],
      async concerns(transaction, changes) {
        if (surelyNone()) return [];
        const found = await active(records().within(transaction));
        return found.length > 0 ? changes : [];
      },
      async applied(transaction, { table, operation, sysId, caller }) {
        const isTie = table.chain.some(({ name }) => name.startsWith('sn_sb_'));
        // What a peer sends goes on to others only where somebody says so.
        if (operation === 'delete' || isTie || originOf(caller) || surelyNone()) return;
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
