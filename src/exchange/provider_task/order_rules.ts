// What follows from a provider task here: an order goes out in its own transaction; the requested item follows the task at the consumer, and
// at the provider the task follows the work that it was turned into. Comments go along.
import type { Caller } from '../../records/caller.ts';
import type { Change, RecordsInTransaction, Row, Rule } from '../../records/records.ts';
import type { Transaction } from '../../store/store.ts';
import { openCorrelation } from '../correlation/correlations.ts';
import { providerTaskDefinition } from '../definition/provider_task_map.ts';
import { noteCaller, originOf } from '../origin.ts';
import { leaveNote } from '../remote_task/note.ts';
import { companyName, findConnection, type Pair } from '../remote_task/pair.ts';
import type { SendChanges } from '../remote_task/send_changes.ts';
import type { TasksParts } from '../tasks_parts.ts';
import { mayMove, requestedItemValues, stateFromWork } from './moves.ts';
import { readVariables, writeOrdered } from './ordered.ts';

const consumerTable = 'sn_sb_con_provider_task';
const providerTable = 'sn_sb_pro_provider_task';

/** Somebody works on what a peer ordered: the rules of the task hold, and the change goes to the peer. */
const onBehalfOf = (caller: Caller): Caller => ({ ...caller, isSystem: true });

/** The request is over when all that was requested with it is. */
const closeRequest = async (within: RecordsInTransaction, request: string): Promise<void> => {
  if (request === '') return;
  const items = await within.findBy('sc_req_item', { request });
  if (items.some(({ active }) => active === 'true')) return;
  const isDone = items.some(({ state }) => state === '3');
  const request_state = isDone ? 'closed_complete' : 'closed_cancelled';
  await within.update(noteCaller, 'sc_request', request, { request_state, state: isDone ? '3' : '4' });
};

export const makeOrderRules = (parts: TasksParts, sendChanges: SendChanges): readonly Rule[] => {
  const { records, ids } = parts;

  const place = async (transaction: Transaction, task: Row, by: string): Promise<void> => {
    const within = records().within(transaction);
    const connection = await findConnection(within, task.connection);
    const [item] = await within.findBy('sn_sb_con_remote_record_producer', { sys_id: task.record_producer ?? '' }, { limit: 1 });
    if (!connection || !item) return;
    const correlation = await openCorrelation(within, noteCaller, {
      local_correlation_id: ids.sysId(),
      remote_correlation_id: '',
      local_table: consumerTable,
      local_record: task.sys_id ?? '',
      connection: task.connection ?? '',
      remote_task: task.sys_id ?? '',
    });
    const pair: Pair = { task, connection, definition: providerTaskDefinition, correlation, side: 'consumer' };
    const order = writeOrdered({
      item: item.provider_definition ?? '',
      revision: task.item_revision ?? '0',
      sysId: task.sys_id ?? '',
      requestedFor: task.requested_for_name ?? '',
      variables: readVariables(JSON.parse(task.vars_json || '[]')) ?? [],
    });
    await sendChanges(transaction, { pair, row: task, operation: 'insert', by, hops: 0, isNeeded: true, order });
  };

  const followTask = async (within: RecordsInTransaction, task: Row): Promise<void> => {
    const values = requestedItemValues.get(task.state ?? '');
    const match = { sys_id: task.parent ?? '' };
    const [requested] = values && task.parent ? await within.findBy('sc_req_item', match, { limit: 1 }) : [];
    if (!values || !requested) return;
    await within.update(noteCaller, 'sc_req_item', requested.sys_id ?? '', values);
    await closeRequest(within, requested.request ?? '');
  };

  /** Consumer's words and decisions reach the people who work on it. */
  const tellWork = async (transaction: Transaction, { after, before, journals, caller }: Change): Promise<void> => {
    const within = records().within(transaction);
    const match = { sys_id: after.parent ?? '' };
    const [work] = after.parent ? await within.findBy('task', match, { limit: 1 }) : [];
    if (!work) return;
    const record = { table: work.sys_class_name || 'task', sysId: work.sys_id ?? '' };
    for (const { element, text } of journals)
      if (element === 'comments') await within.update(caller, record.table, record.sysId, { comments: text });
    if (after.state === before.state) return;
    const labels = records().dictionary().table(providerTable)?.fields.get('state')?.choices ?? [];
    const state = labels.find(({ value }) => value === after.state)?.label ?? after.state;
    const connection = await findConnection(within, after.connection);
    const who = connection ? await companyName(within, connection) : '';
    await leaveNote(within, record, `${who} set ${after.number} to ${state}`);
  };

  const followWork = async (transaction: Transaction, { after, changed, journals, sysId, caller }: Change): Promise<void> => {
    const comments = journals.filter(({ element }) => element === 'comments');
    if (comments.length === 0 && !changed.includes('state')) return;
    const within = records().within(transaction);
    for (const task of await within.findBy(providerTable, { parent: sysId })) {
      const who = onBehalfOf(caller);
      for (const { text } of comments) await within.update(who, providerTable, task.sys_id ?? '', { comments: text });
      const state = changed.includes('state') ? stateFromWork(after) : undefined;
      if (state === undefined || !mayMove('provider', task.state ?? '', state)) continue;
      const close_notes = after.close_notes || (task.close_notes ?? '');
      await within.update(who, providerTable, task.sys_id ?? '', { state, close_notes });
    }
  };

  return [
    {
      name: 'exchange: orders of provider tasks, and what follows them here',
      tables: [consumerTable],
      async applied(transaction, { operation, after, changed, caller }) {
        if (operation === 'insert' && !originOf(caller)) await place(transaction, after, caller.displayName);
        if (operation !== 'delete' && changed.includes('state')) await followTask(records().within(transaction), after);
      },
    },
    {
      name: 'exchange: the work behind a provider task hears of it',
      tables: [providerTable],
      async applied(transaction, change) {
        const origin = originOf(change.caller);
        if (change.operation === 'update' && origin && origin.connection !== '') await tellWork(transaction, change);
      },
    },
    {
      name: 'exchange: a provider task follows the work behind it',
      tables: ['task'],
      async concerns(transaction, changes) {
        const [any] = await records().within(transaction).findBy(providerTable, {}, { limit: 1 });
        return any ? changes : [];
      },
      async applied(transaction, change) {
        const isTie = change.table.chain.some(({ name }) => name.startsWith('sn_sb_'));
        if (change.operation === 'update' && !isTie && !originOf(change.caller)) await followWork(transaction, change);
      },
    },
  ];
};
