// A peer has lost what it had sent and got of a pair, by a restored database: what stands here is said once more, all of it, so that both sides
// have the same again. And on the side that lost it, people are told on the record.

import type { Transaction } from '../../store/store.ts';
import { correlationByLocalId, findCorrelation } from '../correlation/correlations.ts';
import type { GiveBack } from '../journal/give_back.ts';
import { laneOf } from '../message.ts';
import type { TasksParts } from '../tasks_parts.ts';
import { leaveNote } from './note.ts';
import { findTie, readPair, recordOf } from './pair.ts';
import type { SendChanges } from './send_changes.ts';

const correlationIn = (lane: string): string => {
  const prefix = laneOf('record', '');
  return lane.startsWith(prefix) ? lane.slice(prefix.length) : '';
};

/** `lane`: as the peer calls it. Nothing happens where it is none of a pair, or the pair is gone; of one that is paused only comments are given back. */
export const makeSayAgain =
  ({ records }: Pick<TasksParts, 'records'>, sendChanges: SendChanges, giveBack: GiveBack) =>
  async (transaction: Transaction, connection: string, lane: string, have: number | undefined): Promise<void> => {
    const within = records().within(transaction);
    const correlation = await findCorrelation(within, connection, { local: '', remote: correlationIn(lane) });
    const task = correlation && (await findTie(within, correlation.remote_task));
    const pair = task && (await readPair(within, task));
    if (!pair) return;
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
    const id = correlationIn(lane);
    const correlation = id === '' ? undefined : await correlationByLocalId(within, id);
    if (!correlation?.local_table || !correlation.local_record) return;
    await leaveNote(
      within,
      { table: correlation.local_table, sysId: correlation.local_record },
      `The database was restored: the peer has ${count === 1 ? 'a change' : `${count} changes`} from here that this record does not know. It says again what stands there, and gives back the comments written here, as far as it keeps them.`,
    );
  };
