// A peer has lost what it had sent and got of a pair, by a restored database: what stands here is said once more, all of it, so that both sides
// have the same again. And on the side that lost it, people are told on the record.

import type { Transaction } from '../../store/store.ts';
import type { GiveBackFiles } from '../attachment/give_back_files.ts';
import { correlationByLocalId, findCorrelation } from '../correlation/correlations.ts';
import type { GiveBack } from '../journal/give_back.ts';
import { laneOf } from '../message.ts';
import type { TasksParts } from '../tasks_parts.ts';
import { leaveNote } from './note.ts';
import { findTie, readPair, recordOf } from './pair.ts';
import type { SendChanges } from './send_changes.ts';

const correlationIn = (lane: string, kind: 'record' | 'attachment'): string => {
  const prefix = laneOf(kind, '');
  return lane.startsWith(prefix) ? lane.slice(prefix.length) : '';
};

/** `lane`: as the peer calls it. Nothing happens where it is none of a pair, or the pair is gone; of one that is paused only comments and files are given back. */
export const makeSayAgain =
  (
    { records }: Pick<TasksParts, 'records'>,
    { sendChanges, giveBack, giveBackFiles }: { sendChanges: SendChanges; giveBack: GiveBack; giveBackFiles: GiveBackFiles },
  ) =>
  async (transaction: Transaction, connection: string, lane: string, have: number | undefined): Promise<void> => {
    const within = records().within(transaction);
    const ofFiles = correlationIn(lane, 'attachment');
    const remote = ofFiles || correlationIn(lane, 'record');
    const correlation = await findCorrelation(within, connection, { local: '', remote });
    const task = correlation && (await findTie(within, correlation.remote_task));
    const pair = task && (await readPair(within, task));
    if (!pair) return;
    if (ofFiles !== '') return giveBackFiles(transaction, pair, { lane, have: have ?? 0 });
    if (have !== undefined) await giveBack(transaction, pair, { lane, have });
    if (task.status === 'disconnected') return;
    const [row] = await within.findBy(pair.correlation.local_table ?? '', { sys_id: recordOf(task) }, { limit: 1 });
    if (row) await sendChanges(transaction, { pair, row, operation: 'update', by: '', hops: 0, isAgain: true });
  };

/** `lane`: as this side calls it. */
export const makeTellLoss =
  ({ records }: TasksParts) =>
  async (transaction: Transaction, lane: string, count: number): Promise<void> => {
    const within = records().within(transaction);
    const id = correlationIn(lane, 'record');
    const correlation = id === '' ? undefined : await correlationByLocalId(within, id);
    if (!correlation?.local_table || !correlation.local_record) return;
    await leaveNote(
      within,
      { table: correlation.local_table, sysId: correlation.local_record },
      `The database was restored: the peer has ${count === 1 ? 'a change' : `${count} changes`} from here that this record does not know. It says again what stands there, and gives back the comments and files from here, as far as it keeps them.`,
    );
  };
