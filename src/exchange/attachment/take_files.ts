// The pieces of a peer's file, put together under the rules for files here. A file that is not wanted is dropped with a note that people see
// on both sides; a damaged one is refused.
import { createHash } from 'node:crypto';
import { Fault } from '../../kit/fault.ts';
import { cleanName, cleanType } from '../../records/attachments/attachments.ts';
import { beginUpload, chunkSizeBytes, endUpload, removeChunks, writeChunk } from '../../records/attachments/chunks.ts';
import type { RecordsInTransaction } from '../../records/records.ts';
import type { Transaction } from '../../store/store.ts';
import { findCorrelation } from '../correlation/correlations.ts';
import { peerCaller } from '../origin.ts';
import { refused } from '../refused.ts';
import { leaveNote } from '../remote_task/note.ts';
import { companyName, findTie, type Pair, readPair, recordOf } from '../remote_task/pair.ts';
import type { Applier, Outcome } from '../seams.ts';
import type { TasksParts } from '../tasks_parts.ts';
import { mostFileBytes, returnedFile } from './send_files.ts';

interface Piece {
  correlation: string;
  peer_correlation: string;
  file: string;
  file_name: string;
  content_type: string;
  hash: string;
  data: string;
  size_bytes: number;
  position: number;
  count: number;
}

const readPiece = (payload: unknown): Piece | undefined => {
  const given = (payload ?? {}) as Record<string, unknown>;
  const texts = ['correlation', 'peer_correlation', 'file', 'file_name', 'content_type', 'hash', 'data'];
  const counts = ['size_bytes', 'position', 'count'];
  if (!texts.every((key) => typeof given[key] === 'string')) return undefined;
  if (!counts.every((key) => Number.isSafeInteger(given[key]) && Number(given[key]) >= 0)) return undefined;
  const piece = given as unknown as Piece;
  const isWhole = piece.count === Math.max(1, Math.ceil(piece.size_bytes / chunkSizeBytes)) && piece.position < piece.count;
  const file_name = cleanName(piece.file_name);
  return isWhole && file_name !== '' && piece.file_name.length <= 255
    ? { ...piece, file_name, content_type: cleanType(piece.content_type) }
    : undefined;
};

const property = async (within: RecordsInTransaction, name: string): Promise<string> =>
  (await within.findBy('sys_properties', { name }, { limit: 1 }))[0]?.value ?? '';

/** Why this file is not wanted here; undefined: it is. */
const objectionTo = async (
  within: RecordsInTransaction,
  { definition }: Pair,
  { file_name, size_bytes }: Piece,
): Promise<string | undefined> => {
  if (definition.send_attachments !== 'true') return `${definition.name} exchanges no files`;
  const wanted = (await property(within, 'glide.attachment.extensions'))
    .split(',')
    .map((word) => word.trim().toLowerCase())
    .filter((word) => word !== '');
  const extension = file_name.includes('.') ? (file_name.split('.').at(-1) ?? '').toLowerCase() : '';
  if (wanted.length > 0 && !wanted.includes(extension)) return 'files of this kind are not taken';
  const megabytes = Number((await property(within, 'com.glide.attachment.max_size')) || 1024);
  const limitBytes = Math.min(mostFileBytes, megabytes * 1_048_576);
  return size_bytes > limitBytes ? `it is larger than ${limitBytes} bytes` : undefined;
};

/** The upload that belongs to a file of this peer; found by the end of its id, the beginning is the time at which it began. */
const findUpload = async ({ dialect, ...transaction }: Transaction, tail: string): Promise<string | undefined> => {
  const column = dialect.name('attachment');
  const sql = `SELECT ${column} FROM ${dialect.name('attachment_upload')} WHERE substr(${column}, 13) = ${dialect.parameter(1)}`;
  const [row] = await transaction.read(sql, [tail]);
  return row && String(row[0]);
};

/** A peer that catches up, or gives back, sends what may be here. */
const hasFile = async (within: RecordsInTransaction, record: string, { file_name, hash }: Piece): Promise<boolean> =>
  (await within.findBy('sys_attachment', { table_sys_id: record, file_name, hash }, { limit: 1 })).length > 0;

const readAll = async ({ dialect, ...transaction }: Transaction, upload: string): Promise<Uint8Array[]> => {
  const [attachment, place] = [dialect.name('attachment'), dialect.name('position')];
  const rows = await transaction.read(
    `SELECT ${dialect.name('data')} FROM ${dialect.name('attachment_chunk')} WHERE ${attachment} = ${dialect.parameter(1)} ORDER BY ${place}`,
    [upload],
  );
  return rows.map(([data]) => (data instanceof Uint8Array ? data : new Uint8Array()));
};

export const makeFileApplier = ({ records, clock }: Pick<TasksParts, 'records' | 'clock'>): Applier => ({
  kinds: ['attachment'],
  async apply(transaction, { payload, operation }, { sysId: connection, connectionId }): Promise<Outcome> {
    const piece = readPiece(payload);
    if (!piece) return refused('exchange.bad_payload', 'The piece of a file is not as the protocol says');
    const within = records().within(transaction);
    const names = { local: piece.peer_correlation, remote: piece.correlation };
    const correlation = await findCorrelation(within, connection, names);
    const isReturned = operation === returnedFile;
    if (!correlation && isReturned) return { outcome: 'ignored', reason: 'The pair is unknown here' };
    if (!correlation) {
      // Files travel beside records and may overtake the one that begins the pair: then they wait here until it came.
      if (piece.peer_correlation === '')
        throw new Fault('unavailable', 'exchange.correlation_unknown', 'No record here belongs to this one yet');
      return refused('exchange.correlation_unknown', 'No record here belongs to this one');
    }
    const task = await findTie(within, correlation.remote_task);
    const pair = task && (await readPair(within, task, { correlation }));
    if (!pair) return refused('exchange.correlation_unknown', 'No record here belongs to this one');
    if (!recordOf(pair.task)) return refused('exchange.parent_gone', 'The record that belonged to this one was deleted');
    const record = { table: correlation.local_table ?? '', sysId: correlation.local_record ?? '' };
    const objection = await objectionTo(within, pair, piece);
    if (objection !== undefined) {
      const reason = `the file ${piece.file_name} was dropped: ${objection}`;
      if (piece.position === 0) await leaveNote(within, record, `From ${connectionId}: ${reason}`);
      return { outcome: 'ignored', reason };
    }
    const data = Buffer.from(piece.data, 'base64');
    // Reading from the middle of a file counts on pieces of one size.
    if (piece.position < piece.count - 1 ? data.length !== chunkSizeBytes : data.length > chunkSizeBytes)
      return refused('exchange.bad_payload', `All pieces of a file but the last hold ${chunkSizeBytes} bytes`);
    const tail = createHash('sha256').update(`${connection} ${piece.file}`).digest('hex').slice(0, 20);
    const known = await findUpload(transaction, tail);
    if (known === undefined && (await hasFile(within, record.sysId, piece))) return { outcome: 'applied' };
    if (known === undefined && piece.position > 0)
      return refused('exchange.attachment_damaged', 'The beginning of the file is not here');
    const upload = known ?? clock.now().toString(16).padStart(12, '0') + tail;
    if (known === undefined) await beginUpload(transaction, upload);
    // Sent once more from its beginning: what came before of it was skipped or damaged.
    else if (piece.position === 0) await removeChunks(transaction, upload);
    if (data.length > 0) await writeChunk(transaction, upload, piece.position, data);
    if (piece.position < piece.count - 1) return { outcome: 'applied' };
    const digest = createHash('sha256');
    let sizeBytes = 0;
    for (const part of await readAll(transaction, upload)) {
      digest.update(part);
      sizeBytes += part.length;
    }
    if (sizeBytes !== piece.size_bytes || digest.digest('hex') !== piece.hash)
      return refused('exchange.attachment_damaged', `The file ${piece.file_name} is not what its hash says`);
    await endUpload(transaction, upload);
    await within.insert(peerCaller(connection, 1, `sb_user.${connectionId}`), 'sys_attachment', {
      sys_id: upload,
      file_name: piece.file_name,
      content_type: piece.content_type,
      table_name: record.table,
      table_sys_id: record.sysId,
      size_bytes: String(sizeBytes),
      size_compressed: String(sizeBytes),
      compressed: 'false',
      hash: piece.hash,
      chunk_size_bytes: String(chunkSizeBytes),
    });
    if (isReturned) {
      const company = await companyName(within, pair.connection);
      await leaveNote(within, record, `The file ${piece.file_name} was given back by ${company}`);
    }
    return { outcome: 'applied' };
  },
});
