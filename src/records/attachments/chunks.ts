// The bytes of attachments: rows of equal size, read and written one at a time, so that no file is ever whole in memory.
// It must not know records or rights.
import type { Store, TableShape, Transaction, Value } from '../../store/store.ts';

/** Of every chunk but the last. Small enough for a row, large enough that a gigabyte is some thousand of them. */
export const chunkSizeBytes = 262_144;

const chunkTable: TableShape = {
  name: 'attachment_chunk',
  columns: [
    { name: 'attachment', type: 'text', notNull: true },
    { name: 'position', type: 'integer', notNull: true },
    { name: 'data', type: 'blob', notNull: true },
  ],
  primaryKey: ['attachment', 'position'],
};

/** Uploads under way: what a process that died left behind is found by it. */
const uploadTable: TableShape = { name: 'attachment_upload', columns: [{ name: 'attachment', type: 'text', notNull: true }] };

export const attachmentStorage: readonly TableShape[] = [chunkTable, uploadTable];

const statement = ({ dialect }: Pick<Transaction, 'dialect'>, sql: string): string => {
  let count = 0;
  return sql
    .replace(/\[(\w+)\]/g, (_whole, name: string) => dialect.name(name))
    .replaceAll('?', () => dialect.parameter(++count));
};

const run = (transaction: Transaction, sql: string, parameters: readonly Value[]): Promise<number> =>
  transaction.run(statement(transaction, sql), parameters);

export const beginUpload = (transaction: Transaction, sysId: string): Promise<number> =>
  run(transaction, 'INSERT INTO [attachment_upload] ([attachment]) VALUES (?)', [sysId]);

export const endUpload = (transaction: Transaction, sysId: string): Promise<number> =>
  run(transaction, 'DELETE FROM [attachment_upload] WHERE [attachment] = ?', [sysId]);

export const writeChunk = (transaction: Transaction, sysId: string, position: number, data: Uint8Array): Promise<number> =>
  run(transaction, 'INSERT INTO [attachment_chunk] ([attachment], [position], [data]) VALUES (?, ?, ?)', [sysId, position, data]);

export const copyChunks = (transaction: Transaction, from: string, to: string): Promise<number> =>
  run(
    transaction,
    'INSERT INTO [attachment_chunk] ([attachment], [position], [data]) SELECT ?, [position], [data] FROM [attachment_chunk] WHERE [attachment] = ?',
    [to, from],
  );

export const removeChunks = (transaction: Transaction, sysId: string): Promise<number> =>
  run(transaction, 'DELETE FROM [attachment_chunk] WHERE [attachment] = ?', [sysId]);

/** Uploads whose sys_id was made before that one: sys_ids grow with time. */
export const uploadsBefore = async (store: Store, sysId: string): Promise<string[]> => {
  const sql = statement(store, 'SELECT [attachment] FROM [attachment_upload] WHERE [attachment] < ? ORDER BY 1 LIMIT 1000');
  return (await store.read(sql, [sysId])).map(([found]) => String(found));
};

/** Cuts what arrives into chunks of equal size. */
export async function* inChunks(body: AsyncIterable<Uint8Array>): AsyncGenerator<Buffer> {
  let pieces: Uint8Array[] = [];
  let length = 0;
  for await (const piece of body) {
    let rest = piece;
    while (length + rest.length >= chunkSizeBytes) {
      const taken = chunkSizeBytes - length;
      yield Buffer.concat([...pieces, rest.subarray(0, taken)], chunkSizeBytes);
      rest = rest.subarray(taken);
      pieces = [];
      length = 0;
    }
    if (rest.length > 0) {
      pieces.push(rest);
      length += rest.length;
    }
  }
  if (length > 0) yield Buffer.concat(pieces, length);
}

/** Bytes `from` to `to`, both counted. A chunk that is gone ends the reading with an error: half a file must not look whole. */
export async function* readBytes(store: Store, sysId: string, from: number, to: number): AsyncGenerator<Uint8Array> {
  const sql = statement(store, 'SELECT [data] FROM [attachment_chunk] WHERE [attachment] = ? AND [position] = ?');
  for (let position = Math.floor(from / chunkSizeBytes); position * chunkSizeBytes <= to; position += 1) {
    const [row] = await store.read(sql, [sysId, position]);
    const data = row?.[0];
    if (!(data instanceof Uint8Array)) throw new Error(`attachment ${sysId} was removed while it was read`);
    const start = position * chunkSizeBytes;
    yield data.subarray(Math.max(0, from - start), to - start + 1);
  }
}
