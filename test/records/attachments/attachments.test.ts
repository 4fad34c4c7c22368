// Files in the store: chunks of equal size, nothing half-written, and what a broken upload left is found by its age.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { makeIds } from '../../../src/kit/ids.ts';
import { makeAttachments } from '../../../src/records/attachments/attachments.ts';
import { beginUpload, chunkSizeBytes, inChunks, writeChunk } from '../../../src/records/attachments/chunks.ts';
import { forEachEngine } from '../../parts/engines.ts';
import { callerWith, type Opened, openOn } from '../part.ts';

async function* pieces(...lengths: readonly number[]): AsyncGenerator<Uint8Array> {
  for (const [at, length] of lengths.entries()) yield new Uint8Array(length).fill(at + 1);
}

const collect = async (source: AsyncIterable<Uint8Array>): Promise<Uint8Array[]> => {
  const found: Uint8Array[] = [];
  for await (const piece of source) found.push(piece);
  return found;
};

test('whatever arrives is cut into chunks of equal size, and nothing is lost or doubled', async () => {
  for (const lengths of [
    [],
    [0],
    [1],
    [chunkSizeBytes],
    [chunkSizeBytes + 1],
    [5, chunkSizeBytes * 3, 7],
    [chunkSizeBytes - 1, 1, 1],
  ]) {
    const whole = Buffer.concat(await collect(pieces(...lengths)));
    const chunks = await collect(inChunks(pieces(...lengths)));
    assert.deepEqual(Buffer.concat(chunks), whole, String(lengths));
    assert.ok(chunks.slice(0, -1).every((chunk) => chunk.length === chunkSizeBytes));
    assert.ok(chunks.every((chunk) => chunk.length > 0 && chunk.length <= chunkSizeBytes));
  }
});

forEachEngine((engine) => {
  const admin = callerWith(['admin']);
  const open = async () => {
    const opened = await openOn(engine);
    const { store, records, properties, clock } = opened;
    const ids = makeIds(clock);
    const { sysId } = await records.insert(admin, 'incident', { short_description: 'with files' });
    return { ...opened, ids, sysId, attachments: makeAttachments({ store, records, properties, clock, ids }) };
  };
  const chunkCount = async ({ store }: Pick<Opened, 'store'>): Promise<number> =>
    Number((await store.read('SELECT COUNT(*) FROM attachment_chunk'))[0]?.[0]);
  const file = (tableSysId: string) => ({ tableName: 'incident', tableSysId, fileName: 'a', contentType: 'text/plain' });

  test('a file whose body breaks off leaves neither row nor bytes', async () => {
    const opened = await open();
    const { records, attachments, sysId } = opened;
    async function* broken() {
      yield* pieces(chunkSizeBytes * 2);
      throw Object.assign(new Error('aborted'), { code: 'ECONNRESET' });
    }
    await assert.rejects(attachments.save(admin, file(sysId), broken()), { code: 'records.attachment_incomplete' });
    assert.deepEqual([await chunkCount(opened), await records.findBy('sys_attachment', {})], [0, []]);
    await opened.close();
  });

  test('a record deleted during the upload takes the file with it', async () => {
    const opened = await open();
    const { records, attachments, sysId } = opened;
    async function* slow() {
      yield* pieces(chunkSizeBytes);
      await records.remove(admin, 'incident', sysId);
      yield* pieces(1);
    }
    await assert.rejects(attachments.save(admin, file(sysId), slow()), { code: 'records.not_found' });
    assert.equal(await chunkCount(opened), 0);
    await opened.close();
  });

  test('what a process that died left behind is cleared away a day later, and finished files stay', async () => {
    const opened = await open();
    const { store, attachments, sysId, ids, clock } = opened;
    await attachments.save(admin, file(sysId), pieces(10));
    const orphan = ids.sysId();
    await store.write(async (transaction) => {
      await beginUpload(transaction, orphan);
      await writeChunk(transaction, orphan, 0, new Uint8Array(5));
    });
    await attachments.purge();
    assert.equal(await chunkCount(opened), 2, 'an upload of today may still be under way');
    clock.advance(86_400_001);
    await attachments.purge();
    assert.equal(await chunkCount(opened), 1);
    await opened.close();
  });

  test('a file removed while it is read ends with an error, not as a shorter file', async () => {
    const opened = await open();
    const { attachments, sysId } = opened;
    const saved = await attachments.save(admin, file(sysId), pieces(chunkSizeBytes * 2));
    const stored = await attachments.open(admin, saved);
    await assert.rejects(async () => {
      for await (const piece of stored.read()) {
        assert.equal(piece.length, chunkSizeBytes);
        await attachments.remove(admin, saved);
      }
    }, /was removed while it was read/);
    await opened.close();
  });
});
