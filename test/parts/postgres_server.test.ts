// The tests' own PostgreSQL: it is real, separate per test, and never left behind.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createConnection } from 'node:net';
import { createInterface } from 'node:readline';
import { test } from 'node:test';
import pg from 'pg';
import { createDatabase, startPostgres } from './postgres_server.ts';
import { untilTrue } from './until_true.ts';

const queryOn = async (connectionString: string, statement: string) => {
  const client = new pg.Client({ connectionString });
  await client.connect();
  try {
    return (await client.query(statement)).rows;
  } finally {
    await client.end();
  }
};

const untilRefused = (port: number): Promise<void> =>
  untilTrue(async () => {
    const socket = createConnection(port, '127.0.0.1');
    const answer = await Promise.race([
      once(socket, 'connect').then(() => 'open'),
      once(socket, 'error').then(() => 'refused'),
    ]).catch(() => 'refused');
    socket.destroy();
    return answer === 'refused';
  });

test('a database is empty, UTF-8, sorts by bytes and is gone after drop', async () => {
  const database = await createDatabase();
  const [facts] = await queryOn(
    database.url,
    `select current_setting('server_encoding') as encoding, datcollate as collate, current_setting('max_connections') as connections,
     (select count(*)::int from pg_tables where schemaname = 'public') as tables from pg_database where datname = current_database()`,
  );
  assert.deepEqual(facts, { encoding: 'UTF8', collate: 'C', connections: '200', tables: 0 });
  await database.drop();
  await assert.rejects(queryOn(database.url, 'select 1'), { code: '3D000' });
});

test('two databases of one server do not see one another', async () => {
  const [first, second] = await Promise.all([createDatabase(), createDatabase()]);
  await queryOn(first.url, 'create table only_here (number integer)');
  await assert.rejects(queryOn(second.url, 'select * from only_here'), { code: '42P01' });
  await Promise.all([first.drop(), second.drop()]);
});

test('stop ends the server, and may be repeated', async () => {
  const server = await startPostgres();
  assert.deepEqual(await queryOn(server.url, 'select 1 as one'), [{ one: 1 }]);
  await server.stop();
  await server.stop();
  await assert.rejects(queryOn(server.url, 'select 1'), { code: 'ECONNREFUSED' });
});

test('a server does not outlive a test process that is killed', { timeout: 60_000 }, async () => {
  const script = `
    const { startPostgres } = await import(${JSON.stringify(new URL('./postgres_server.ts', import.meta.url).href)});
    console.log((await startPostgres()).url);
    setInterval(() => {}, 1000);`;
  const owner = spawn(process.execPath, ['--input-type=module', '-e', script], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [url] = (await once(createInterface(owner.stdout), 'line')) as [string];
  assert.deepEqual(await queryOn(url, 'select 1 as one'), [{ one: 1 }]);
  owner.kill('SIGKILL');
  await untilRefused(Number(new URL(url).port));
});
