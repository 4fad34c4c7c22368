// What goes out when something changes here: a remote task is made, paused or let go on, or the record it belongs to changes. All in the
// transaction of the change itself, so that nothing is sent that did not happen, and nothing happens that is not sent.
import { wireMoment } from '../../kit/clock.ts';
import type { Change, Row, Rule } from '../../records/records.ts';
import type { Transaction } from '../../store/store.ts';
import type { SendFile } from '../attachment/send_files.ts';
import { openCorrelation } from '../correlation/correlations.ts';
import { localTable, sideOf } from '../definition/field_map.ts';
import { inForce } from '../definition/releases.ts';
import { journalsSince, type SendJournals } from '../journal/journals.ts';
import { laneOf } from '../message.ts';
import { noteCaller, originOf } from '../origin.ts';
import type { TasksParts } from '../tasks_parts.ts';
import { makeHeardBefore, mayHear } from './hearing.ts';
import { markFields } from './mark_fields.ts';
import { findConnection, findDefinition, type Pair, readPair, tiesOf } from './pair.ts';
import type { SendChanges } from './send_changes.ts';

const isSending = (task: Row): boolean => task.status === 'new' || task.status === 'connected';

export const makeTaskRules = (
  parts: TasksParts,
  { sendChanges, sendJournals, sendFile }: { sendChanges: SendChanges; sendJournals: SendJournals; sendFile: SendFile },
): readonly Rule[] => {
  const { records, ids, clock } = parts;

  const parentOf = async (transaction: Transaction, { task, definition, side }: Pair): Promise<Row | undefined> =>
    (
      await records()
        .within(transaction)
        .findBy(localTable(definition, side), { sys_id: task.parent ?? '' }, { limit: 1 })
    )[0];

  const begin = async (transaction: Transaction, task: Row, by: string): Promise<void> => {
    const within = records().within(transaction);
    const connection = await findConnection(within, task.connection);
    const found = connection && (await findDefinition(within, task.definition));
    if (!found) return;
    const definition = await inForce(within, found, connection);
    const side = sideOf(connection);
    const correlation = await openCorrelation(within, noteCaller, {
      local_correlation_id: ids.sysId(),
      remote_correlation_id: '',
      local_table: localTable(definition, side),
      local_record: task.parent ?? '',
      connection: task.connection ?? '',
      remote_task: task.sys_id ?? '',
    });
    const pair: Pair = { task, connection, definition, correlation, side };
    const row = await parentOf(transaction, pair);
    if (row) await sendChanges(transaction, { pair, row, operation: 'insert', by, hops: 0, isNeeded: true });
    // What was said and attached before: only where somebody asked for it.
    if (row && task.send_history === 'true') await catchUp(transaction, pair, row, '0');
  };

  const goOn = async (transaction: Transaction, { after: task, before, caller }: Change): Promise<void> => {
    const pair = await readPair(records().within(transaction), task);
    const row = pair && (await parentOf(transaction, pair));
    if (!row) return;
    // One that never got across is begun again, under the same names.
    const isNew = pair.correlation.remote_correlation_id === '';
    const lane = { connection: task.connection ?? '', name: laneOf('record', pair.correlation.local_correlation_id ?? '') };
    const unsaid = await parts.supersede(transaction, lane, isNew ? 'all' : 'records');
    if (!isNew) for (const payload of unsaid) await markFields(records().within(transaction), task, payload, true);
    await sendChanges(transaction, {
      pair,
      row,
      operation: isNew ? 'insert' : 'connect',
      by: caller.displayName,
      hops: 0,
      isNeeded: true,
    });
    const missedSince = task.send_history === 'true' ? '0' : (task.sys_id ?? '').slice(0, 12);
    await catchUp(transaction, pair, row, isNew ? missedSince : (before.journal_cursor ?? ''));
  };

  /** A file that the peer has, it does not take twice. */
  const catchUp = async (transaction: Transaction, pair: Pair, row: Row, since: string): Promise<void> => {
    if (since === '') return;
    const record = row.sys_id ?? '';
    await sendJournals(transaction, pair, row, await journalsSince(parts, transaction, pair, { record, since }));
    if (pair.definition.send_attachments !== 'true') return;
    const within = records().within(transaction);
    const isHeard = await makeHeardBefore(within, pair.side);
    for (const file of await within.findBy('sys_attachment', { table_sys_id: record })) {
      const { sys_id: id = '', sys_created_by: by = '' } = file;
      if (id >= since && isHeard(by)) await sendFile(transaction, pair, file);
    }
  };

  return [
    {
      name: 'exchange: remote tasks made, paused and let go on',
      tables: ['sn_sb_remote_task'],
      async applied(transaction, change) {
        const { operation, after, before, caller, changed } = change;
        const isOwn = originOf(caller) !== undefined;
        if (operation === 'insert' && !isOwn) await begin(transaction, after, caller.displayName);
        if (operation !== 'update' || !changed.includes('status')) return;
        if (after.status === 'connected' && before.status !== 'new') {
          if (!isOwn) await goOn(transaction, change);
          else {
            const pair = await readPair(records().within(transaction), after);
            const row = pair && (await parentOf(transaction, pair));
            if (row) await catchUp(transaction, pair, row, before.journal_cursor ?? '');
          }
        }
        if (after.status !== 'disconnected' || isOwn) return;
        const pair = await readPair(records().within(transaction), after);
        const row = pair && (await parentOf(transaction, pair));
        const by = caller.displayName;
        if (row) await sendChanges(transaction, { pair, row, operation: 'disconnect', by, hops: 0, isNeeded: true });
      },
    },
    {
      name: 'exchange: changes of records that have remote tasks',
      tables: ['task'],
      async concerns(transaction, changes) {
        const updates = changes.filter(({ operation }) => operation === 'update');
        const within = records().within(transaction);
        // A provider task is a tie itself.
        const isTie = ({ table }: Change): boolean => table.chain.some(({ name }) => name === 'sn_sb_provider_task');
        // Where nothing is exchanged, one look is enough for all of them.
        const [any] = await within.findBy('sn_sb_remote_task', {}, { limit: 1 });
        if (!any) return updates.filter(isTie);
        const matches = updates.map(({ sysId }) => ({ parent: sysId }));
        const tasks = await within.findMany('sn_sb_remote_task', matches, { limit: 1 });
        return updates.filter((change, at) => isTie(change) || (tasks[at]?.length ?? 0) > 0);
      },
      async applied(transaction, { table, sysId, operation, after, changed, journals, caller }) {
        if (operation !== 'update' || table.chain.some(({ name }) => name === 'sn_sb_remote_task')) return;
        const origin = originOf(caller);
        if (origin?.connection === '') return;
        const within = records().within(transaction);
        for (const task of await tiesOf(within, { table: table.name, sysId })) {
          // What came from this peer goes no further; what the record's rules made of it the applier sends.
          if (!isSending(task) || task.connection === origin?.connection) continue;
          const pair = await readPair(within, task);
          if (!pair) continue;
          const hops = origin ? origin.hops : 0;
          const by = caller.displayName;
          const whose = origin ? '' : by;
          await sendChanges(transaction, { pair, row: after, operation: 'update', changed: new Set(changed), by: whose, hops });
          if (journals.length === 0 || !(await mayHear(within, pair.side, origin))) continue;
          const at = wireMoment(clock.now());
          await sendJournals(
            transaction,
            pair,
            after,
            journals.map((entry) => ({ ...entry, by, at })),
          );
        }
      },
    },
  ];
};
