// A real PostgreSQL for tests, with nothing installed by hand. One server serves a whole test run (its address is in
// CAUSEWAY_TEST_POSTGRES); a test file run alone gets its own. Every test takes a database of its own and drops it.
// Must not leave a server behind, however the test process ends: see postgres_guard.ts.

import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import type { Socket } from 'node:net';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { memoryFolder } from './memory_folder.ts';
import { preparePostgresPrograms } from './postgres_binaries.ts';
import type { GuardOrder } from './postgres_guard.ts';

export type PostgresServer = {
  /** Of the maintenance database, with a user who may make others. */
  url: string;
  /** Ends the server and removes its data. Safe to repeat. */
  stop(): Promise<void>;
};

export type TestDatabase = {
  url: string;
  /** Ends what is still connected, then removes the database. */
  drop(): Promise<void>;
};

/** Starts a server on a free loopback port. It does not keep this process alive and ends with it. */
export const startPostgres = async (how: Pick<GuardOrder, 'isAsItComes'> = {}): Promise<PostgresServer> => {
  const password = randomBytes(16).toString('hex');
  const programs = await preparePostgresPrograms();
  const dataFolder = (how.isAsItComes ? undefined : memoryFolder()) ?? programs.tempFolder;
  const order: GuardOrder = { ...programs, dataFolder, password, ...how };
  const script = fileURLToPath(new URL('./postgres_guard.ts', import.meta.url));
  // A session of its own: Ctrl-C in a terminal reaches us alone, and the guard follows in good order.
  const guard = spawn(process.execPath, [script], {
    stdio: ['pipe', 'pipe', 'inherit'],
    detached: true,
    // Not an argument: every account of the machine may list those, and the order holds the password.
    env: { ...process.env, CAUSEWAY_POSTGRES_ORDER: JSON.stringify(order) },
  });
  const ended = once(guard, 'exit');
  const [line] = (await Promise.race([once(createInterface(guard.stdout), 'line'), ended])) as [unknown];
  const said = (typeof line === 'string' ? JSON.parse(line) : { error: `its guard ended with ${line}` }) as
    | { port: number }
    | { error: string };
  if ('error' in said) {
    guard.stdin.end();
    throw new Error(`PostgreSQL for the tests did not start: ${said.error}`);
  }
  for (const handle of [guard, guard.stdin as Socket, guard.stdout as Socket]) handle.unref();
  return {
    url: `postgres://postgres:${password}@127.0.0.1:${said.port}/postgres`,
    async stop() {
      guard.ref();
      guard.stdin.end();
      await ended;
    },
  };
};

// The one state of this file: a process starts at most one server, and only when a test first asks for a database.
let serverOfThisProcess: Promise<string> | undefined;

const serverUrl = (): Promise<string> => {
  const shared = process.env.CAUSEWAY_TEST_POSTGRES;
  if (shared) return Promise.resolve(shared);
  serverOfThisProcess ??= startPostgres().then((server) => server.url);
  return serverOfThisProcess;
};

// A quarter of what it costs to copy page by page through the log, which is what is done unless told.
const copied = 'strategy file_copy';

const newName = (): string => `test_${process.pid}_${randomBytes(6).toString('hex')}`;

const databaseOn = (administration: string, name: string): TestDatabase => {
  const url = new URL(administration);
  url.pathname = `/${name}`;
  return { url: url.href, drop: () => execute(administration, `drop database if exists ${name} with (force)`) };
};

/** Makes an empty database (UTF8, locale C) that no other test sees; on the server of the tests unless another is named. */
export const createDatabase = async (on?: PostgresServer): Promise<TestDatabase> => {
  const administration = on?.url ?? (await serverUrl());
  const name = newName();
  await execute(administration, `create database ${name} template template0 ${copied}`);
  return databaseOn(administration, name);
};

/**
 * A database like one that `make` filled and closed. It is filled by the first process that asks a server, and copied; a developer's own
 * server, which would keep the original, makes each anew.
 */
export const copyDatabase = async (key: string, make: (url: string) => Promise<void>): Promise<TestDatabase> => {
  if (process.env.CAUSEWAY_TEST_POSTGRES && !process.env.CAUSEWAY_TEST_POSTGRES_IS_OURS) {
    const database = await createDatabase();
    await make(database.url);
    return database;
  }
  const administration = await serverUrl();
  const template = `template_${key}`;
  const name = newName();
  await execute(administration, async (client) => {
    // Held until this connection ends: the others wait for the first to make it.
    await client.query('select pg_advisory_lock(hashtext($1))', [template]);
    const found = await client.query('select from pg_database where datname = $1', [template]);
    if (found.rowCount === 0) {
      const draft = await createDatabase();
      await make(draft.url);
      await client.query(`alter database ${new URL(draft.url).pathname.slice(1)} rename to ${template}`);
    }
    await client.query('select pg_advisory_unlock_all()');
    await client.query(`create database ${name} template ${template} ${copied}`);
  });
  return databaseOn(administration, name);
};

const execute = async (connectionString: string, work: string | ((client: pg.Client) => Promise<void>)): Promise<void> => {
  const client = new pg.Client({ connectionString });
  await client.connect();
  try {
    await (typeof work === 'string' ? client.query(work) : work(client));
  } finally {
    await client.end();
  }
};
