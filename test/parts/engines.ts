// Runs tests once per storage engine, each time on a database of its own that nobody else sees.
// It must not know what is tested.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe } from 'node:test';
import { createDatabase } from './postgres_server.ts';

export interface Engine {
  name: 'sqlite' | 'postgres';
  /** An empty database: `location` is what openStore takes. Close what was opened there before `drop`. */
  fresh(): Promise<{ location: string; drop(): Promise<void> }>;
}

const sqlite: Engine = {
  name: 'sqlite',
  async fresh() {
    const folder = await mkdtemp(join(tmpdir(), 'causeway-store-'));
    return { location: join(folder, 'causeway.db'), drop: () => rm(folder, { recursive: true, force: true }) };
  },
};

const postgres: Engine = {
  name: 'postgres',
  async fresh() {
    const { url, drop } = await createDatabase();
    return { location: url, drop };
  },
};

export const engines: readonly Engine[] = [sqlite, postgres];

/** Registers a describe block per engine. */
export const forEachEngine = (register: (engine: Engine) => void): void => {
  for (const engine of engines) describe(`on ${engine.name}`, () => register(engine));
};
