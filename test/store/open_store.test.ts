// Every engine against the contract, through the door that rooms use.
import assert from 'node:assert/strict';
import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { openTestStore, storeContract } from '../contracts/store.ts';
import { forEachEngine } from '../parts/engines.ts';

forEachEngine(storeContract);

test('a missing folder is made, and neither folder nor file is open to other accounts', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'causeway-store-'));
  const store = await openTestStore(join(folder, 'deep', 'er', 'causeway.db'));
  assert.equal((await stat(join(folder, 'deep', 'er', 'causeway.db'))).mode & 0o077, 0);
  assert.equal((await stat(join(folder, 'deep'))).mode & 0o077, 0);
  await store.close();
  await rm(folder, { recursive: true });
});

test('a file that is no database is store.unusable', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'causeway-store-'));
  await writeFile(join(folder, 'letter.txt'), 'Dear all, '.repeat(1000));
  await assert.rejects(openTestStore(join(folder, 'letter.txt')), { code: 'store.unusable', kind: 'unavailable' });
  await assert.rejects(openTestStore(join(folder, 'letter.txt', 'below')), { code: 'store.unusable' });
  await rm(folder, { recursive: true });
});

const badAddresses: [string, string, RegExp][] = [
  [
    'postgres://nobody:secret@127.0.0.1:1/none',
    'store.unreachable',
    /^nobody listens there \(connect ECONNREFUSED 127.0.0.1:1\)$/,
  ],
  ['postgresql://:::', 'store.unusable', /^$/],
];
for (const [location, code, detail] of badAddresses) {
  test(`${location} is ${code}, and no message or detail shows the password`, async () => {
    await assert.rejects(openTestStore(location), (error: { code: string; message: string; detail?: string }) => {
      assert.equal(error.code, code);
      assert.match(error.detail ?? '', detail);
      assert.ok(!`${error.message} ${error.detail}`.includes('secret'));
      return true;
    });
  });
}
