// A caller that was told so finds its rows after the process was killed, whole transactions or none.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { openTestStore, thingTable } from '../contracts/store.ts';
import { forEachEngine } from '../parts/engines.ts';
import { untilTrue } from '../parts/until_true.ts';

const program = fileURLToPath(new URL('../parts/store_writer.ts', import.meta.url));

const startWriter = (location: string, prefix: string) => {
  const child = spawn(process.execPath, [program, location, prefix], { stdio: ['ignore', 'pipe', 'inherit'] });
  const said = { text: '' };
  child.stdout.on('data', (chunk) => (said.text += chunk));
  const acknowledged = () => said.text.split('\n').slice(0, -1);
  return {
    acknowledged,
    async kill() {
      assert.equal(child.exitCode, null, 'the writer ended by itself');
      const closed = once(child, 'close');
      child.kill('SIGKILL');
      await closed;
    },
  };
};

forEachEngine((engine) => {
  test('kill -9 in the middle of writes loses no acknowledged row and leaves no half transaction', {
    timeout: 60_000,
  }, async () => {
    const database = await engine.fresh();
    for (const round of ['first', 'second']) {
      const writer = startWriter(database.location, round);
      try {
        await untilTrue(() => writer.acknowledged().length > 200);
      } finally {
        await writer.kill();
      }
      const store = await openTestStore(database.location);
      const rows = new Set((await store.read('SELECT id FROM thing')).map((row) => String(row[0])));
      const lost = writer.acknowledged().filter((id) => !rows.has(id));
      const halves = [...rows].filter((id) => !rows.has(id.endsWith('-twin') ? id.slice(0, -5) : `${id}-twin`));
      assert.deepEqual({ lost, halves }, { lost: [], halves: [] });
      assert.equal(store.topic('written'), rows.size / 2);
      await store.close();
    }
    await database.drop();
  });

  test('two processes write the same database: nothing is lost, and this one hears of every bump', {
    timeout: 60_000,
  }, async () => {
    const database = await engine.fresh();
    const store = await openTestStore(database.location);
    await store.write((transaction) => transaction.define([thingTable]));
    const writer = startWriter(database.location, 'other');
    try {
      await untilTrue(() => writer.acknowledged().length > 0);
      for (let count = 0; count < 50; count += 1) {
        await store.write(async (transaction) => {
          await transaction.run(`INSERT INTO thing (id) VALUES (${transaction.dialect.parameter(1)})`, [`own-${count}`]);
          await transaction.bump('written');
        });
      }
    } finally {
      await writer.kill();
    }
    // One of a transaction that was committed but no longer acknowledged may come on top.
    const bumps = Number((await store.read(`SELECT counter FROM causeway_topic WHERE name = 'written'`))[0]?.[0]);
    const [[own], [all]] = [
      (await store.read(`SELECT count(*) FROM thing WHERE id LIKE 'own-%'`))[0] ?? [],
      (await store.read('SELECT count(*) FROM thing')).flat(),
    ].map((row) => [row].flat()) as [[number], [number]];
    assert.equal(own, 50);
    assert.equal(bumps, 50 + (Number(all) - 50) / 2);
    await untilTrue(() => store.topic('written') === bumps);
    await store.close();
    await database.drop();
  });
});
