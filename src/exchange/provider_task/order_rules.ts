// What follows from a provider task here: it goes out in its own transaction, or in the one that lets it go; the requested item follows the task
// at the consumer, and at the provider the task and the work behind it follow one another. Comments go along.
import { inNameOf } from '../../records/caller.ts';
import type { Change, RecordsInTransaction, Row, Rule } from '../../records/records.ts';
import type { Transaction } from '../../store/store.ts';
import type { SendFile } from '../attachment/send_files.ts';
import { journalsSince, type SendJournals } from '../journal/journals.ts';
import { noteCaller, originOf } from '../origin.ts';
import { leaveNote } from '../remote_task/note.ts';
import { companyName, findConnection } from '../remote_task/pair.ts';
import type { SendChanges } from '../remote_task/send_changes.ts';
import type { TasksParts } from '../tasks_parts.ts';
import { makeBeginTask } from './begin_task.ts';
import { cancelled, mayMove, requestedItemValues, stateForWork, stateFromWork } from './moves.ts';
import { findWork } from './open_task.ts';

const consumerTable = 'sn_sb_con_provider_task';
const providerTable = 'sn_sb_pro_provider_task';

/** Whoever cancels decides nothing for one who has accepted. */
const agrees = (decided: Row, earlier: Row): boolean => decided.state !== cancelled || earlier.state === cancelled;

/** The request is over when all that was requested with it is, and goes on when some of it does. */
const followItems = async (within: RecordsInTransaction, request: string): Promise<void> => {
  if (request === '') return;
  const items = await within.findBy('sc_req_item', { request });
  const [known] = await within.findBy('sc_request', { sys_id: request }, { limit: 1 });
  const isOver = !items.some(({ active }) => active === 'true');
  const isDone = items.some(({ state }) => state === '3');
  if (isOver)
    await within.update(noteCaller, 'sc_request', request, {
      request_state: isDone ? 'closed_complete' : 'closed_cancelled',
      state: isDone ? '3' : '4',
    });
  else if (known?.active === 'false')
    await within.update(noteCaller, 'sc_request', request, { request_state: 'in_process', state: '2' });
};

export const makeOrderRules = (
  parts: TasksParts,
  { sendChanges, sendJournals, sendFile }: { sendChanges: SendChanges; sendJournals: SendJournals; sendFile: SendFile },
): readonly Rule[] => {
  const { records } = parts;
  const beginTask = makeBeginTask(parts, sendChanges);
  const chainOf = (row: Row) =>
    records()
      .dictionary()
      .table(row.sys_class_name || 'task')?.chain ?? [];

  /** An order that waited, with what was said and attached meanwhile. */
  const letGo = async (transaction: Transaction, task: Row, by: string): Promise<void> => {
    const pair = await beginTask(transaction, task, by);
    if (!pair) return;
    const within = records().within(transaction);
    const record = task.sys_id ?? '';
    await sendJournals(transaction, pair, task, await journalsSince(parts, transaction, pair, { record, since: '' }));
    const files = await within.findBy('sys_attachment', { table_sys_id: record });
    for (const file of files) await sendFile(transaction, pair, file);
  };

  const followTask = async (within: RecordsInTransaction, task: Row): Promise<void> => {
    const values = requestedItemValues.get(task.state ?? '');
    const match = { sys_id: task.parent ?? '' };
    const [requested] = values && task.parent ? await within.findBy('sc_req_item', match, { limit: 1 }) : [];
    if (!values || !requested) return;
    await within.update(noteCaller, 'sc_req_item', requested.sys_id ?? '', values);
    await followItems(within, requested.request ?? '');
  };

  /** The consumer's words and decisions reach the work; where others wait for it too, people decide. */
  const tellWork = async (transaction: Transaction, { after, before, journals, caller }: Change): Promise<void> => {
    const within = records().within(transaction);
    const work = await findWork(within, after.parent);
    if (!work) return;
    const record = { table: work.sys_class_name || 'task', sysId: work.sys_id ?? '' };
    for (const { element, text } of journals)
      if (element === 'comments') await within.update(caller, record.table, record.sysId, { comments: text });
    const moved = ['state', 'approval'].filter((element) => after[element] !== before[element]);
    if (moved.length === 0) return;
    const all = await within.findBy(providerTable, { parent: record.sysId });
    const others = all.filter(({ sys_id, status }) => sys_id !== after.sys_id && status !== 'error');
    const isAlone = others.every((other) => other.active === 'false' && agrees(after, other));
    const state = isAlone && moved.includes('state') ? stateForWork(after.state ?? '', work, chainOf(work)) : undefined;
    const approval = isAlone && moved.includes('approval') ? after.approval : undefined;
    const values = { ...(state === undefined ? {} : { state }), ...(approval === undefined ? {} : { approval }) };
    if (Object.keys(values).length > 0) await within.update(caller, record.table, record.sysId, values);
    const fields = records().dictionary().table(providerTable)?.fields;
    const labels = moved.map(
      (element) => fields?.get(element)?.choices.find(({ value }) => value === after[element])?.label ?? after[element],
    );
    const connection = await findConnection(within, after.connection);
    const who = connection ? await companyName(within, connection) : '';
    await leaveNote(within, record, `${who} set ${after.number} to ${labels.join(', ')}`);
  };

  const followWork = async (
    transaction: Transaction,
    { after, changed, journals, sysId, caller, table }: Change,
  ): Promise<void> => {
    const comments = journals.filter(({ element }) => element === 'comments');
    if (comments.length === 0 && !changed.includes('state') && !changed.includes('approval')) return;
    const within = records().within(transaction);
    for (const task of await within.findBy(providerTable, { parent: sysId })) {
      const who = inNameOf(caller);
      for (const { text } of comments) await within.update(who, providerTable, task.sys_id ?? '', { comments: text });
      const state = changed.includes('state') ? stateFromWork(after, table.chain) : undefined;
      const isMoved = state !== undefined && mayMove('provider', task.state ?? '', state);
      const values = {
        ...(isMoved ? { state, close_notes: after.close_notes || (task.close_notes ?? '') } : {}),
        ...(changed.includes('approval') ? { approval: after.approval ?? '' } : {}),
      };
      if (Object.keys(values).length > 0) await within.update(who, providerTable, task.sys_id ?? '', values);
    }
  };

  return [
    {
      name: 'exchange: orders of provider tasks, and what follows them here',
      tables: [consumerTable],
      async applied(transaction, { operation, before, after, changed, caller }) {
        const isOwn = originOf(caller) !== undefined;
        if (operation === 'insert' && !isOwn && after.sync === 'true') await beginTask(transaction, after, caller.displayName);
        if (operation === 'update' && !isOwn && before.sync === 'false' && after.sync === 'true')
          await letGo(transaction, after, caller.displayName);
        if (operation !== 'delete' && changed.includes('state')) await followTask(records().within(transaction), after);
      },
    },
    {
      name: 'exchange: provider tasks that a provider opens, and the work behind them',
      tables: [providerTable],
      async applied(transaction, change) {
        const { operation, after, caller } = change;
        const origin = originOf(caller);
        if (operation === 'update' && origin && origin.connection !== '') await tellWork(transaction, change);
        if (operation !== 'insert' || origin) return;
        const pair = await beginTask(transaction, after, caller.displayName);
        const within = records().within(transaction);
        const work = await findWork(within, after.parent);
        if (!pair || !work) return;
        const who = await companyName(within, pair.connection);
        const record = { table: work.sys_class_name || 'task', sysId: work.sys_id ?? '' };
        await leaveNote(within, record, `${who} sees this as the provider task ${after.number}`);
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
