// A database on which the store could not keep its word is refused when it is opened.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import pg from 'pg';
import { openTestStore } from '../../contracts/store.ts';
import { createDatabase } from '../../parts/postgres_server.ts';

const altered: [string, (name: string) => string[], RegExp][] = [
  [
    'another encoding',
    (name) => [`DROP DATABASE ${name}`, `CREATE DATABASE ${name} ENCODING 'LATIN1' LOCALE 'C' TEMPLATE template0`],
    /encoding is LATIN1/,
  ],
  [
    'commits that do not wait for the disk',
    (name) => [`ALTER DATABASE ${name} SET synchronous_commit = off`],
    /synchronous_commit is off/,
  ],
];

for (const [what, statements, detail] of altered) {
  test(`a database with ${what} is store.unusable, and the reason is in the log`, async () => {
    const database = await createDatabase();
    const url = new URL(database.url);
    const name = url.pathname.slice(1);
    url.pathname = '/postgres';
    const client = new pg.Client({ connectionString: url.href });
    await client.connect();
    for (const statement of statements(name)) await client.query(statement);
    await client.end();
    await assert.rejects(openTestStore(database.url), { code: 'store.unusable', kind: 'unavailable', detail });
    await database.drop();
  });
}

const refused: [string, (url: URL) => void][] = [
  ['a wrong password', (url) => (url.password = 'wrong')],
  ['a database that is not there', (url) => (url.pathname = '/nowhere')],
];
for (const [what, spoil] of refused) {
  test(`${what} is store.unusable, and no connection stays behind`, async () => {
    const database = await createDatabase();
    const url = new URL(database.url);
    spoil(url);
    await assert.rejects(openTestStore(url.href), { code: 'store.unusable', kind: 'unavailable' });
    await database.drop();
  });
}
