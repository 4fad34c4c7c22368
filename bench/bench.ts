// What one run holds: load generator, issuer, folders, databases, stages. Made when first asked for, and all put away at the end.
import { randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createDatabase, type PostgresServer, startPostgres } from '../test/parts/postgres_server.ts';
import { startIssuer } from './data/issuer.ts';
import { startDriver } from './load/drive.ts';
import type { Bench, EngineName, Stage } from './part.ts';
import type { CausewayPlace } from './servers/causeway.ts';
import { setStage } from './stage.ts';

const incidents = 100_000;
const paces = {
  quick: { rounds: 3, sliceMs: 600, connections: 16 },
  full: { rounds: 9, sliceMs: 1500, connections: 16 },
};

export const openBench = async (parts: {
  isQuick: boolean;
  largest: number | undefined;
  resultsFolder: string;
  say: (line: string) => void;
}): Promise<Bench & { close(): Promise<void> }> => {
  const { isQuick, say } = parts;
  const folder = await mkdtemp(join(tmpdir(), 'causeway-bench-'));
  const adminPassword = randomBytes(12).toString('base64url');
  const closers: (() => unknown)[] = [() => rm(folder, { recursive: true, force: true })];
  const driver = startDriver();
  closers.push(() => driver.stop());
  const issuer = await startIssuer();
  closers.push(() => issuer.stop());
  const stages = new Map<EngineName, Stage>();
  let places = 0;
  let postgres: Promise<PostgresServer> | undefined;

  // Not the server of the tests: that one answers a commit before the disk has it.
  const openPostgres = async (): Promise<PostgresServer> => {
    const server = await startPostgres({ isAsItComes: true });
    closers.push(() => server.stop());
    return server;
  };

  const newPlace = async (engine: EngineName): Promise<CausewayPlace> => {
    places += 1;
    const own = join(folder, `place-${places}`);
    await mkdir(own);
    if (engine === 'sqlite') return { folder: own, database: join(own, 'causeway.db'), adminPassword };
    postgres ??= openPostgres();
    const { url, drop } = await createDatabase(await postgres);
    closers.push(drop);
    return { folder: own, database: url, adminPassword };
  };

  const makeStage = async (engine: EngineName): Promise<Stage> => {
    say(`an instance with ${incidents} incidents on ${engine}`);
    const stage = await setStage({ engine, place: await newPlace(engine), issuer, incidents });
    closers.push(stage.stop);
    return stage;
  };

  return {
    isQuick,
    largest: parts.largest,
    pace: isQuick ? paces.quick : paces.full,
    driver,
    issuer,
    folder,
    resultsFolder: parts.resultsFolder,
    say,
    newPlace,
    async stage(engine) {
      const known = stages.get(engine);
      // One that a part has brought down must not cost the parts after it.
      if (known?.server.isRunning()) return known;
      const made = await makeStage(engine);
      stages.set(engine, made);
      return made;
    },
    async close() {
      for (const close of closers.splice(0).toReversed())
        await Promise.resolve(close()).catch((error: unknown) => say(`not put away: ${error}`));
    },
  };
};
