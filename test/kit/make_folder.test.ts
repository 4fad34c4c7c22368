import assert from 'node:assert/strict';
import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { isFault } from '../../src/kit/fault.ts';
import { makeFolder } from '../../src/kit/make_folder.ts';

const refused = (error: unknown): boolean => isFault(error, 'instance.folder_unusable');

test('a folder is made with those above it, for this account alone, and once more does no harm', async () => {
  const root = await mkdtemp(join(tmpdir(), 'causeway-folder-'));
  try {
    const path = join(root, 'a', 'b');
    await makeFolder(path);
    await makeFolder(path);
    assert.equal((await stat(path)).mode & 0o777, 0o700);
    const file = join(root, 'file');
    await writeFile(file, '');
    await assert.rejects(makeFolder(file), refused);
    await assert.rejects(makeFolder(join(file, 'below')), refused);
  } finally {
    await rm(root, { recursive: true });
  }
});

test('where the system makes no folders, the answer is a sentence and not a start without end', {
  skip: process.platform !== 'linux',
}, async () => {
  await assert.rejects(makeFolder('/proc/nope/data'), refused);
});
