// Indexes stand in the order that statements ask for, also where an earlier version made them in another.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import pg from 'pg';
import type { Store, TableShape } from '../../../src/store/store.ts';
import { openTestStore } from '../../contracts/store.ts';
import { createDatabase, type TestDatabase } from '../../parts/postgres_server.ts';

const shape: TableShape = {
  name: 'thing',
  columns: [
    { name: 'sys_id', type: 'text', notNull: true },
    { name: 'owner', type: 'text' },
  ],
  indexes: [{ name: 'thing_owner', columns: ['owner', 'sys_id'] }],
};

let database: TestDatabase;
let store: Store;
let client: pg.Client;

before(async () => {
  database = await createDatabase();
  client = new pg.Client({ connectionString: database.url });
  await client.connect();
  store = await openTestStore(database.url);
  await store.write((transaction) => transaction.define([shape]));
});

after(async () => {
  await store.close();
  await client.end();
  await database.drop();
});

const plan = async (sql: string): Promise<string> => {
  await client.query('SET enable_seqscan = off; SET enable_bitmapscan = off');
  const { rows } = await client.query(`EXPLAIN ${sql}`);
  return rows.map((row) => row['QUERY PLAN']).join('\n');
};

const byKey = (descending: boolean): string => store.dialect.orderTerm('sys_id', 'text', descending, true);

test('a page in the order of the key walks along the primary key, forwards and backwards', async () => {
  for (const descending of [false, true]) {
    const said = await plan(`SELECT sys_id FROM thing WHERE sys_id > 'a' ORDER BY ${byKey(descending)} LIMIT 20`);
    assert.match(said, /using thing_pkey/);
    assert.doesNotMatch(said, /Sort/);
  }
});

const filtered = (): string => `SELECT sys_id FROM thing WHERE owner = 'x' ORDER BY ${byKey(false)} LIMIT 20`;

test('a page of a filter in the order of the key walks along the index of the filter', async () => {
  const said = await plan(filtered());
  assert.match(said, /using thing_owner/);
  assert.doesNotMatch(said, /Sort/);
});

test('an index in an order that no statement asks for any more is made anew, once', async () => {
  await client.query('DROP INDEX thing_owner');
  await client.query('CREATE INDEX thing_owner ON thing (owner NULLS FIRST, sys_id NULLS FIRST)');
  assert.match(await plan(filtered()), /Sort/);
  await store.write((transaction) => transaction.define([shape]));
  assert.doesNotMatch(await plan(filtered()), /Sort/);
  const identity = async () => (await client.query(`SELECT 'thing_owner'::regclass::oid AS oid`)).rows[0].oid;
  const made = await identity();
  await store.write((transaction) => transaction.define([shape]));
  assert.equal(await identity(), made);
});
