// Files on records: taken in and given out as streams, with the rights of the record they hang on.
// It must not hold a whole file in memory, nor leave bytes without a row or a row without bytes.
import { createHash } from 'node:crypto';
import type { Clock } from '../../kit/clock.ts';
import { isFault } from '../../kit/fault.ts';
import type { Ids } from '../../kit/ids.ts';
import type { Store } from '../../store/store.ts';
import { type Caller, hasRole, inNameOf } from '../caller.ts';
import type { Properties } from '../properties.ts';
import type { Records, Row } from '../records.ts';
import { notFound } from '../refusals.ts';
import {
  beginUpload,
  chunkSizeBytes,
  endUpload,
  inChunks,
  readBytes,
  removeChunks,
  uploadsBefore,
  writeChunk,
} from './chunks.ts';
import { attachingRefused, attachmentTooLarge, bodyBroken, extensionRefused, missingParameter } from './refusals.ts';

export interface NewFile {
  readonly tableName: string;
  readonly tableSysId: string;
  readonly fileName: string;
  /** As the sender called it; '' where he did not. */
  readonly contentType: string;
  /** When the file was made, as its sender says; unsaid, or no moment: now. */
  readonly creationTime?: string | undefined;
}

export interface StoredFile {
  readonly row: Row;
  readonly sizeBytes: number;
  /** Bytes `from` to `to`, both counted; all of them without arguments. */
  read(from?: number, to?: number): AsyncIterable<Uint8Array>;
}

export interface Attachments {
  /**
   * Writes the file and answers its sys_id. Seen by others only when it is complete. Throws `records.attachment_*`, and what an update of
   * the record would throw.
   */
  save(caller: Caller, file: NewFile, body: AsyncIterable<Uint8Array>): Promise<string>;
  /** Throws `records.not_found`, also for what the caller may not see. */
  open(caller: Caller, sysId: string): Promise<StoredFile>;
  /** The first file of that name on a record. Throws `records.not_found`. */
  findByName(caller: Caller, tableSysId: string, fileName: string): Promise<StoredFile>;
  rename(caller: Caller, sysId: string, fileName: string): Promise<void>;
  remove(caller: Caller, sysId: string): Promise<void>;
  /** Throws what an update of the attachment's record would. */
  requireWrite(caller: Caller, sysId: string): Promise<void>;
  /** Removes what uploads left behind that never ended. */
  purge(): Promise<void>;
}

export interface AttachmentsParts {
  store: Store;
  records: Records;
  properties: Properties;
  clock: Clock;
  ids: Ids;
}

const table = 'sys_attachment';
/** Longer than any request may take. */
const uploadLimitMs = 86_400_000;
const longestName = 255;
const bytesPerMegabyte = 1_048_576;
const usualType = 'application/octet-stream';

const wordsIn = (list: string): string[] =>
  list
    .split(',')
    .map((word) => word.trim().toLowerCase())
    .filter((word) => word !== '');

// A name with control characters would end up in headers and logs of whoever reads it.
export const cleanName = (name: string): string =>
  name
    .toWellFormed()
    .replace(/\p{Cc}/gu, '')
    .trim()
    .slice(0, longestName)
    .toWellFormed();

export const cleanType = (type: string): string =>
  type.length <= longestName && /^[\w!#$&^.+-]+\/[\w!#$&^.+-]+(?:\s*;[\x20-\x7e]*)?$/.test(type) ? type : usualType;

export const makeAttachments = (parts: AttachmentsParts): Attachments => {
  const { store, records, properties, clock, ids } = parts;

  const allowName = async (fileName: string): Promise<string> => {
    const name = cleanName(fileName);
    if (name === '') throw missingParameter('file_name');
    const extensions = wordsIn(await properties.get('glide.attachment.extensions'));
    const extension = name.includes('.') ? (name.split('.').at(-1) ?? '').toLowerCase() : '';
    if (extensions.length > 0 && !extensions.includes(extension)) throw extensionRefused(name);
    return name;
  };

  const forget = async (sysId: string): Promise<void> => {
    await store.write(async (transaction) => {
      await removeChunks(transaction, sysId);
      await endUpload(transaction, sysId);
    });
  };

  const writeBody = async (sysId: string, body: AsyncIterable<Uint8Array>): Promise<{ sizeBytes: number; hash: string }> => {
    const limitBytes = (await properties.number('com.glide.attachment.max_size', 1024)) * bytesPerMegabyte;
    const digest = createHash('sha256');
    let sizeBytes = 0;
    let position = 0;
    for await (const chunk of inChunks(body)) {
      sizeBytes += chunk.length;
      if (sizeBytes > limitBytes) throw attachmentTooLarge(limitBytes);
      digest.update(chunk);
      const at = position;
      await store.write((transaction) => writeChunk(transaction, sysId, at, chunk));
      position += 1;
    }
    return { sizeBytes, hash: digest.digest('hex') };
  };

  const finish = (caller: Caller, file: NewFile, written: { sysId: string; sizeBytes: number; hash: string }): Promise<Row> =>
    records.write(async (transaction) => {
      const within = records.within(transaction);
      // It may have been deleted while the file was on its way.
      const [owner] = await within.findBy(file.tableName, { sys_id: file.tableSysId }, { limit: 1, forUpdate: true });
      if (!owner) throw notFound('the record was deleted during the upload');
      await endUpload(transaction, written.sysId);
      return within.insert(inNameOf(caller), table, {
        sys_id: written.sysId,
        file_name: file.fileName,
        content_type: file.contentType,
        ...(file.creationTime ? { creation_time: file.creationTime } : {}),
        table_name: file.tableName,
        table_sys_id: file.tableSysId,
        size_bytes: String(written.sizeBytes),
        size_compressed: String(written.sizeBytes),
        compressed: 'false',
        hash: written.hash,
        chunk_size_bytes: String(chunkSizeBytes),
      });
    });

  /** The row as stored, for a caller who may read it. */
  const rowFor = async (caller: Caller, sysId: string): Promise<Row> => {
    await records.get(caller, table, sysId, { fields: ['sys_id'] });
    const [row] = await records.findBy(table, { sys_id: sysId }, { limit: 1 });
    if (!row) throw notFound();
    return row;
  };

  const writableRow = async (caller: Caller, sysId: string): Promise<Row> => {
    const row = await rowFor(caller, sysId);
    await records.requireWrite(caller, row.table_name ?? '', row.table_sys_id ?? '');
    return row;
  };

  const fileOf = (row: Row): StoredFile => {
    const sizeBytes = Number(row.size_bytes || 0);
    return { row, sizeBytes, read: (from = 0, to = sizeBytes - 1) => readBytes(store, row.sys_id ?? '', from, to) };
  };

  return {
    async save(caller, { tableName, tableSysId, fileName, contentType, creationTime }, body) {
      if (tableName === '') throw missingParameter('table_name');
      if (tableSysId === '') throw missingParameter('table_sys_id');
      const [name, type] = [await allowName(fileName), cleanType(contentType)];
      const file = { tableName, tableSysId, fileName: name, contentType: type, creationTime };
      const roles = wordsIn(await properties.get('glide.attachment.role'));
      if (roles.length > 0 && !hasRole(caller, ...roles)) throw attachingRefused(caller.userName);
      await records.requireWrite(caller, tableName, tableSysId);
      const sysId = ids.sysId();
      await store.write((transaction) => beginUpload(transaction, sysId));
      try {
        await finish(caller, file, { sysId, ...(await writeBody(sysId, body)) });
      } catch (error) {
        await forget(sysId);
        throw isFault(error) || !isBrokenBody(error) ? error : bodyBroken(error);
      }
      return sysId;
    },

    async open(caller, sysId) {
      return fileOf(await rowFor(caller, sysId));
    },

    async findByName(caller, tableSysId, fileName) {
      const found = await records.findBy(table, { table_sys_id: tableSysId, file_name: fileName }, { limit: 1 });
      if (found.length === 0) throw notFound();
      return fileOf(await rowFor(caller, found[0]?.sys_id ?? ''));
    },

    async rename(caller, sysId, fileName) {
      const name = await allowName(fileName);
      await writableRow(caller, sysId);
      await records.update(inNameOf(caller), table, sysId, { file_name: name });
    },

    async remove(caller, sysId) {
      await writableRow(caller, sysId);
      await records.remove(inNameOf(caller), table, sysId);
    },

    async requireWrite(caller, sysId) {
      await writableRow(caller, sysId);
    },

    async purge() {
      const before = (clock.now() - uploadLimitMs).toString(16).padStart(12, '0').padEnd(32, '0');
      for (const sysId of await uploadsBefore(store, before)) await forget(sysId);
    },
  };
};

/** What a stream of Node throws when the other side hung up. */
const isBrokenBody = (error: unknown): boolean =>
  ['ECONNRESET', 'ERR_STREAM_PREMATURE_CLOSE', 'ABORT_ERR', 'EPIPE'].includes(
    (error as NodeJS.ErrnoException | null)?.code ?? '',
  );
