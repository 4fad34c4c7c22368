// What sealing promises, and where the key comes from.
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { chmod, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { isFault } from '../../src/kit/fault.ts';
import { deriveKey, isSealed, loadInstanceKey, makeSealer } from '../../src/kit/seal.ts';

const inFolder = async (work: (dir: string) => Promise<void>): Promise<void> => {
  const dir = await mkdtemp(join(tmpdir(), 'causeway-seal-'));
  try {
    await work(dir);
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
};

describe('a sealed secret', () => {
  const sealer = makeSealer(randomBytes(32));

  it('opens to what was sealed, in the context it was sealed in', () => {
    for (const text of ['', 'secret', 'ünïcode ✓', 'x'.repeat(5_000)])
      assert.equal(sealer.open(sealer.seal(text, 'a.b'), 'a.b'), text);
    assert.throws(
      () => sealer.open(sealer.seal('secret', 'a.b'), 'a.c'),
      (error) => isFault(error, 'kit.seal_broken'),
    );
  });

  it('never looks the same twice and shows nothing of what it holds', () => {
    const [one, other] = [sealer.seal('secret'), sealer.seal('secret')];
    assert.notEqual(one, other);
    assert.equal(isSealed(one), true);
    assert.equal(one.includes('secret'), false);
  });

  it('says when another instance sealed it', () => {
    assert.throws(
      () => makeSealer(randomBytes(32)).open(sealer.seal('x')),
      (error) => isFault(error, 'kit.seal_foreign'),
    );
  });

  it('does not open when anything about it was changed', () => {
    const sealed = sealer.seal('secret');
    const at = sealed.length - 4;
    const flipped = `${sealed.slice(0, at)}${sealed[at] === 'A' ? 'B' : 'A'}${sealed.slice(at + 1)}`;
    for (const broken of [flipped, sealed.slice(0, 30), `$sealed$1$${sealer.keyId}$`, 'plain', '']) {
      assert.throws(
        () => sealer.open(broken),
        (error) => isFault(error, 'kit.seal_broken'),
        broken,
      );
    }
  });

  it('gives each purpose a key of its own', () => {
    const key = randomBytes(32);
    assert.notDeepEqual(deriveKey(key, 'one'), deriveKey(key, 'two'));
    assert.deepEqual(deriveKey(key, 'one'), deriveKey(key, 'one'));
  });
});

describe('the instance key', () => {
  it('is made once, for its owner only, and found again', () =>
    inFolder(async (dir) => {
      const first = await loadInstanceKey(join(dir, 'data'), undefined);
      assert.equal(first.length, 32);
      assert.deepEqual(await loadInstanceKey(join(dir, 'data'), undefined), first);
      assert.equal((await stat(join(dir, 'data', 'instance.key'))).mode & 0o777, 0o600);
      assert.deepEqual(await readdir(join(dir, 'data')), ['instance.key']);
    }));

  it('is one key for all who start together', () =>
    inFolder(async (dir) => {
      const keys = await Promise.all(Array.from({ length: 8 }, () => loadInstanceKey(dir, undefined)));
      assert.equal(new Set(keys.map((key) => key.toString('hex'))).size, 1);
    }));

  it('takes back rights that others were given to it', () =>
    inFolder(async (dir) => {
      await loadInstanceKey(dir, undefined);
      await chmod(join(dir, 'instance.key'), 0o644);
      await loadInstanceKey(dir, undefined);
      assert.equal((await stat(join(dir, 'instance.key'))).mode & 0o777, 0o600);
    }));

  it('may come from the environment, and then no file is written', () =>
    inFolder(async (dir) => {
      const key = randomBytes(32);
      assert.deepEqual(await loadInstanceKey(dir, key.toString('hex')), key);
      assert.deepEqual(await loadInstanceKey(dir, key.toString('base64')), key);
      assert.deepEqual(await readdir(dir), []);
    }));

  it('is refused when it is not 32 bytes', () =>
    inFolder(async (dir) => {
      for (const bad of ['short', randomBytes(31).toString('hex'), randomBytes(33).toString('base64')]) {
        await assert.rejects(loadInstanceKey(dir, bad), (error) => isFault(error, 'kit.instance_key_invalid'), bad);
      }
      await writeFile(join(dir, 'instance.key'), 'cut');
      await assert.rejects(loadInstanceKey(dir, undefined), (error) => isFault(error, 'kit.instance_key_invalid'));
      assert.equal(await readFile(join(dir, 'instance.key'), 'utf8'), 'cut');
    }));
});
