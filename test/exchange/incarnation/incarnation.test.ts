// When an instance is taken for a copy, and above all when it is not: restarts, upgrades, several processes on one database and other folders.
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, beforeEach, test } from 'node:test';
import { type Incarnation, openIncarnation } from '../../../src/exchange/incarnation/incarnation.ts';
import { makeManualClock } from '../../../src/kit/clock.ts';
import { makeIds } from '../../../src/kit/ids.ts';
import { makeSealer } from '../../../src/kit/seal.ts';
import { openStore } from '../../../src/store/open_store.ts';
import type { Store } from '../../../src/store/store.ts';
import { forEachEngine, type TestDatabase } from '../../parts/engines.ts';
import { madeInstance, startedAt } from '../../parts/made_instance.ts';
import { restoreSnapshot, takeSnapshot } from '../../parts/restored_database.ts';
import { untilTrue } from '../../parts/until_true.ts';

const sealer = makeSealer(randomBytes(32));
const minuteMs = 61_000;

forEachEngine((engine) => {
  const clock = makeManualClock(startedAt);
  let folders = '';
  let database: TestDatabase;
  const opened: { store: Store; incarnation: Incarnation }[] = [];
  let lines: string[] = [];

  interface Where {
    folder?: string;
    baseUrl?: string;
    location?: string;
    key?: typeof sealer;
  }

  /** As a process does it. */
  const open = async ({ folder = 'data', baseUrl = '', location = database.location, key = sealer }: Where = {}) => {
    const store = await openStore({ location, clock, random: Math.random });
    const incarnation = await openIncarnation({
      ...{ store, clock, ids: makeIds(clock), sealer: key, baseUrl, location, firstId: 'f'.repeat(32) },
      folder: await folderOf(folder),
      log: { write: ({ text }) => void lines.push(text) },
    });
    const process = { store, incarnation };
    opened.push(process);
    return process;
  };
  const folderOf = async (name: string): Promise<string> => {
    const path = join(folders, name);
    await mkdir(path, { recursive: true });
    return path;
  };
  const end = async ({ store, incarnation }: { store: Store; incarnation: Incarnation }): Promise<void> => {
    opened.splice(
      opened.findIndex((each) => each.incarnation === incarnation),
      1,
    );
    await incarnation.stop();
    await store.close();
  };
  /** Starts, lives for some minutes, and ends. */
  const live = async (where: Where = {}, minutes = 2): Promise<string> => {
    const process = await open(where);
    for (let at = 0; at < minutes; at += 1) {
      clock.advance(minuteMs);
      await process.incarnation.refresh();
    }
    const text = process.incarnation.text();
    await end(process);
    return text;
  };
  const reasonOf = async (where: Where = {}): Promise<string> => {
    const process = await open(where);
    const found = process.incarnation.quarantine()?.reason ?? '';
    await end(process);
    return found;
  };
  const connect = async (): Promise<void> => {
    const { store, incarnation } = await open();
    await store.write((transaction) =>
      transaction.run(`INSERT INTO sn_sb_connection (sys_id, peer_url) VALUES ('${'c'.repeat(32)}', 'https://peer.example')`),
    );
    await end({ store, incarnation });
  };

  before(async () => {
    folders = await mkdtemp(join(tmpdir(), 'causeway-incarnation-'));
  });
  beforeEach(async () => {
    database = await madeInstance(engine);
    lines = [];
  });
  const clear = async (): Promise<void> => {
    for (const each of [...opened]) await end(each);
    await database.drop();
    await rm(folders, { recursive: true, force: true });
  };
  after(clear);

  const story = (name: string, tell: () => Promise<void>): void =>
    void test(name, async () => {
      try {
        await tell();
      } finally {
        await clear();
      }
    });

  story('an instance without connections has nothing to protect: it may be moved, copied and renamed', async () => {
    await live({ baseUrl: 'https://one.example' });
    const snapshot = await takeSnapshot(database.location);
    await live({ baseUrl: 'https://two.example' });
    await restoreSnapshot(database.location, snapshot);
    assert.equal(await reasonOf({ baseUrl: 'https://three.example' }), '');
    const copy = await madeInstance(engine);
    try {
      await restoreSnapshot(copy.location, snapshot);
      const original = await open();
      const other = await open({ location: copy.location, folder: 'copy' });
      assert.equal(other.incarnation.quarantine(), undefined);
      assert.notEqual(
        other.incarnation.instanceId,
        original.incarnation.instanceId,
        'two of a kind must not be one when they meet',
      );
      await end(other);
    } finally {
      await copy.drop();
    }
  });

  story('restarts, a fresh data folder, a lost file, an upgrade and several processes on one database are healthy', async () => {
    await connect();
    assert.equal(await reasonOf(), '', 'a restart');
    assert.equal(await reasonOf({ folder: 'new container' }), '', 'a container without its old folder');
    assert.equal(await reasonOf({ baseUrl: 'https://acme.example' }), '', 'its address is set for the first time');
    assert.equal(await reasonOf({ baseUrl: '' }), '', 'and left out again');
    const one = await open({ folder: 'one' });
    const other = await open({ folder: 'other' });
    for (let minute = 0; minute < 3; minute += 1) {
      clock.advance(minuteMs);
      await Promise.all([one.incarnation.refresh(), other.incarnation.refresh()]);
    }
    await end(one);
    await live({ folder: 'other' }, 5);
    assert.equal(other.incarnation.quarantine(), undefined);
    assert.equal(await reasonOf({ folder: 'one' }), '', 'its folder is behind, and that is no sign of anything');
    await end(other);
    const { store, incarnation } = await open({ folder: 'one' });
    await store.write((transaction) => transaction.run('DELETE FROM causeway_incarnation'));
    await end({ store, incarnation });
    await rm(await folderOf('upgraded'), { recursive: true });
    assert.equal(await reasonOf({ folder: 'upgraded' }), '', 'a database of an earlier version');
    assert.deepEqual(
      lines.filter((line) => /quarantined/.test(line)),
      [],
    );
  });

  story('the database of yesterday under the folder of today is found, also while the instance runs', async () => {
    await connect();
    await live();
    const yesterday = await takeSnapshot(database.location);
    const last = await live();
    await restoreSnapshot(database.location, yesterday);
    const process = await open();
    assert.equal(process.incarnation.quarantine()?.reason, 'restored');
    assert.match(lines.at(-1) ?? '', new RegExp(`had come to ${last}.*causeway exchange adopt.*causeway exchange detach`));
    assert.equal(process.incarnation.versionFloor(), 1_000_000, 'what is changed meanwhile counts as of the next incarnation');
    clock.advance(minuteMs);
    await process.incarnation.refresh();
    assert.equal(process.incarnation.quarantine()?.reason, 'restored', 'time heals nothing');
    await end(process);
    assert.equal(await reasonOf(), 'restored', 'nor does another start');
    assert.equal(await reasonOf({ folder: 'of nobody' }), '', 'what cannot be known from here the peers know');
  });

  story('an older database that is put under a running instance is found within a quarter of a minute', async () => {
    await connect();
    const yesterday = await takeSnapshot(database.location);
    const process = await open();
    clock.advance(minuteMs);
    await process.incarnation.refresh();
    await restoreSnapshot(database.location, yesterday);
    clock.advance(15_000);
    await untilTrue(() => process.incarnation.quarantine()?.reason === 'restored');
  });

  story('a database in another place, another address, another folder and another key are found', async () => {
    await connect();
    await live({ baseUrl: 'https://acme.example' });
    const snapshot = await takeSnapshot(database.location);
    const copy = await madeInstance(engine);
    try {
      await restoreSnapshot(copy.location, snapshot);
      assert.equal(await reasonOf({ location: copy.location, folder: 'elsewhere' }), 'copied');
    } finally {
      await copy.drop();
    }
    assert.equal(await reasonOf({ baseUrl: 'https://copy.example' }), 'address_changed');
    assert.equal(await reasonOf({ key: makeSealer(randomBytes(32)) }), 'foreign_key');
    const other = await madeInstance(engine);
    const strange = await openStore({ location: other.location, clock, random: Math.random });
    const stranger = await openIncarnation({
      ...{ store: strange, clock, ids: makeIds(clock), sealer, baseUrl: '', location: other.location },
      ...{ firstId: 'a'.repeat(32), folder: await folderOf('of another'), log: { write: () => {} } },
    });
    await stranger.stop();
    await strange.close();
    await other.drop();
    assert.equal(await reasonOf({ folder: 'of another' }), 'foreign_folder');
    assert.equal(await reasonOf(), '', 'and itself it still is');
  });
});
