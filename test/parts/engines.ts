// Runs tests once per storage engine, each time on a database of its own that nobody else sees.
// It must not know what is tested.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe } from 'node:test';
import { copyDatabase, createDatabase } from './postgres_server.ts';
import { copyFile } from './templates.ts';

export interface TestDatabase {
  /** What openStore takes. */
  location: string;
  /** Close what was opened there before. */
  drop(): Promise<void>;
}

export interface Engine {
  name: 'sqlite' | 'postgres';
  /** An empty database. */
  fresh(): Promise<TestDatabase>;
  /** What `make` leaves in an empty database and closes: made once under this key in a test run, and copied. */
  copy(key: string, make: (location: string) => Promise<void>): Promise<TestDatabase>;
}

const makeFile = async () => {
  const folder = await mkdtemp(join(tmpdir(), 'causeway-store-'));
  return { location: join(folder, 'causeway.db'), drop: () => rm(folder, { recursive: true, force: true }) };
};

const sqlite: Engine = {
  name: 'sqlite',
  fresh: makeFile,
  async copy(key, make) {
    const file = await makeFile();
    await copyFile(key, make, file.location);
    return file;
  },
};

const postgres: Engine = {
  name: 'postgres',
  async fresh() {
    const { url, drop } = await createDatabase();
    return { location: url, drop };
  },
  async copy(key, make) {
    const { url, drop } = await copyDatabase(key, make);
    return { location: url, drop };
  },
};

export const engines: readonly Engine[] = [sqlite, postgres];

/** Registers a describe block per engine. */
export const forEachEngine = (register: (engine: Engine) => void): void => {
  for (const engine of engines) describe(`on ${engine.name}`, () => register(engine));
};
