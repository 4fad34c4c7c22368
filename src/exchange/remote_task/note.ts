// Notes that the exchange leaves on records for people here. They never go to a peer, and a record that takes none is left alone.
import { isFault } from '../../kit/fault.ts';
import type { RecordsInTransaction } from '../../records/records.ts';
import { noteCaller } from '../origin.ts';

export const leaveNote = async (
  within: RecordsInTransaction,
  record: { table: string; sysId: string },
  text: string,
): Promise<void> => {
  try {
    await within.update(noteCaller, record.table, record.sysId, { work_notes: text });
  } catch (error) {
    // The record is gone, or a rule of its table does not want to be touched: the note is not worth a failure.
    if (!isFault(error)) throw error;
  }
};
