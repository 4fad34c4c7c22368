// Files of a peer that lost them, by a restored database: they stand on the record here, and go back. The peer knows by name and hash which of
// them it has after all.
import type { Transaction } from '../../store/store.ts';
import { integrationUserName } from '../connection/names.ts';
import { laneOf } from '../message.ts';
import { laneId } from '../queue_ids.ts';
import type { Pair } from '../remote_task/pair.ts';
import type { TasksParts } from '../tasks_parts.ts';
import { returnedFile, type SendFile } from './send_files.ts';

/** `lane`: as the peer calls it; `have`: up to where the peer knows that they are here. */
export type GiveBackFiles = (transaction: Transaction, pair: Pair, from: { lane: string; have: number }) => Promise<void>;

export const makeGiveBackFiles =
  ({ records }: Pick<TasksParts, 'records'>, sendFile: SendFile): GiveBackFiles =>
  async (transaction, pair, { lane, have }) => {
    const { connection, correlation } = pair;
    const within = records().within(transaction);
    const own = laneId(connection.sys_id ?? '', 'outbound', laneOf('attachment', correlation.local_correlation_id ?? ''));
    // They are on their way: the peer has asked twice.
    const under = await within.find('sn_transport_queue', `lane=${own}^operation=${returnedFile}^stateINready,running,sent`, {
      limit: 1,
    });
    if (under.length > 0) return;
    const received = laneId(connection.sys_id ?? '', 'inbound', lane);
    const [first] = await within.findBy('sn_transport_queue', { lane: received, seq: String(have + 1) }, { limit: 1 });
    // Where the message is not kept any more, all are offered.
    const since = first?.sys_created_on ?? '';
    const theirs = {
      table_sys_id: correlation.local_record ?? '',
      sys_created_by: integrationUserName(connection.connection_id ?? ''),
    };
    for (const file of await within.findBy('sys_attachment', theirs))
      if ((file.sys_created_on ?? '') >= since) await sendFile(transaction, pair, file, returnedFile);
  };
