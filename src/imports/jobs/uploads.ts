// Files that wait for their job, kept in pieces in the database: any process can go on with them, and they go when they are loaded.
import { systemCaller } from '../../records/caller.ts';
import type { Records } from '../../records/records.ts';
import { fileTooLarge } from '../formats/format.ts';
import type { Bytes } from '../source_row.ts';

export interface Uploads {
  /** Answers the length in bytes. Throws `imports.file_too_large`. */
  keep(job: string, bytes: Bytes): Promise<number>;
  read(job: string): Bytes;
  remove(job: string): Promise<void>;
}

const pieceBytes = 196_608;
const removedAtOnce = 50;

async function* inPieces(bytes: Bytes): AsyncIterable<Buffer> {
  let waiting: Uint8Array[] = [];
  let length = 0;
  for await (const some of bytes) {
    for (let at = 0; at < some.length; ) {
      const part = some.subarray(at, at + pieceBytes - length);
      waiting.push(part);
      length += part.length;
      at += part.length;
      if (length < pieceBytes) continue;
      yield Buffer.concat(waiting, length);
      waiting = [];
      length = 0;
    }
  }
  if (length > 0) yield Buffer.concat(waiting, length);
}

export const makeUploads = ({ records, limitBytes }: { records: Records; limitBytes: number }): Uploads => ({
  async keep(job, bytes) {
    let total = 0;
    let position = 0;
    for await (const piece of inPieces(bytes)) {
      total += piece.length;
      if (total > limitBytes) throw fileTooLarge(limitBytes);
      position += 1;
      const values = { job, position: String(position), data: piece.toString('base64') };
      await records.write((transaction) => records.within(transaction).insert(systemCaller, 'sys_import_upload', values));
    }
    return total;
  },
  async *read(job) {
    for (let position = 1; ; position += 1) {
      const [piece] = await records.findBy('sys_import_upload', { job, position: String(position) }, { limit: 1 });
      if (!piece) return;
      // A database that answers at once would otherwise leave no turn to anybody else while a long file is read.
      await new Promise((resolve) => setImmediate(resolve));
      yield Buffer.from(piece.data ?? '', 'base64');
    }
  },
  async remove(job) {
    for (;;) {
      const pieces = await records.findBy('sys_import_upload', { job }, { limit: removedAtOnce });
      if (pieces.length === 0) return;
      await records.write(async (transaction) => {
        const within = records.within(transaction);
        for (const piece of pieces) await within.remove(systemCaller, 'sys_import_upload', piece.sys_id ?? '');
      });
    }
  },
});
