// Files put on a record that is tied to one of a peer: cut into pieces, each a message of its own on a lane beside the record's, so that a
// file never holds up the record, and a broken line costs one piece. Files from before the tie go only where somebody asks for them.
import type { Row, Rule } from '../../records/records.ts';
import type { Transaction } from '../../store/store.ts';
import { originOf } from '../origin.ts';
import { mayHear } from '../remote_task/hearing.ts';
import { leaveNote } from '../remote_task/note.ts';
import { type Pair, readPair, recordOf, tiesOf } from '../remote_task/pair.ts';
import type { TasksParts } from '../tasks_parts.ts';

/** All pieces are queued in the transaction that ends the upload; beyond this it would hold up every other write. */
export const mostFileBytes = 25_165_824;

const pieceOf = async ({ dialect, ...transaction }: Transaction, attachment: string, position: number): Promise<Uint8Array> => {
  const [attachmentColumn, place] = [dialect.name('attachment'), dialect.name('position')];
  const [row] = await transaction.read(
    `SELECT ${dialect.name('data')} FROM ${dialect.name('attachment_chunk')} WHERE ${attachmentColumn} = ${dialect.parameter(1)} AND ${place} = ${dialect.parameter(2)}`,
    [attachment, position],
  );
  return row?.[0] instanceof Uint8Array ? row[0] : new Uint8Array();
};

/** Operation of a file that is given back to the side that it came from. */
export const returnedFile = 'return';

/** In its pieces. One that is too large is told on the record. */
export const makeSendFile =
  ({ records, enqueue }: Pick<TasksParts, 'records' | 'enqueue'>) =>
  async (transaction: Transaction, { correlation, connection, task }: Pair, file: Row, operation = 'insert'): Promise<void> => {
    const sizeBytes = Number(file.size_bytes || 0);
    if (sizeBytes > mostFileBytes) {
      const record = { table: file.table_name ?? '', sysId: file.table_sys_id ?? '' };
      const note = `The file ${file.file_name} was not sent: it is larger than ${mostFileBytes} bytes`;
      await leaveNote(records().within(transaction), record, note);
      return;
    }
    const pieceBytes = Math.max(1, Number(file.chunk_size_bytes || 0));
    const count = Math.max(1, Math.ceil(sizeBytes / pieceBytes));
    for (let position = 0; position < count; position += 1) {
      const data = Buffer.from(await pieceOf(transaction, file.sys_id ?? '', position)).toString('base64');
      await enqueue(transaction, {
        connection: connection.sys_id ?? '',
        kind: 'attachment',
        operation,
        correlationId: correlation.local_correlation_id ?? '',
        source: { table: file.table_name ?? '', sysId: recordOf(task) },
        payload: {
          correlation: correlation.local_correlation_id,
          peer_correlation: correlation.remote_correlation_id,
          file: file.sys_id,
          file_name: file.file_name,
          content_type: file.content_type,
          size_bytes: sizeBytes,
          hash: file.hash,
          position,
          count,
          data,
        },
      });
    }
  };

export type SendFile = ReturnType<typeof makeSendFile>;

export const makeFileRule = ({ records }: Pick<TasksParts, 'records'>, sendFile: SendFile): Rule => ({
  name: 'exchange: files on records that have remote tasks',
  tables: ['sys_attachment'],
  async applied(transaction, { operation, after: file, caller }) {
    if (operation !== 'insert' || !file.table_sys_id) return;
    const within = records().within(transaction);
    const origin = originOf(caller);
    for (const task of await tiesOf(within, { table: file.table_name ?? '', sysId: file.table_sys_id })) {
      if (task.status !== 'new' && task.status !== 'connected') continue;
      if (task.connection === origin?.connection) continue;
      const pair = await readPair(within, task);
      if (pair?.definition.send_attachments !== 'true' || !(await mayHear(within, pair.side, origin))) continue;
      await sendFile(transaction, pair, file);
    }
  },
});
