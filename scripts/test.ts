// npm test: finds the test files, gives them one PostgreSQL, one set of ready-made databases and one folder for their files, in memory where
// there is room, runs them with node:test and ends as that ends.
//   npm test                                  everything under test/ that ends in .test.ts
//   npm test -- test/store --test-only        a folder or files, and any flag of `node --test`
//   npm run test:soak                         the long ones, which end in .soak.ts

import { existsSync, globSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { endAs, spawnTied } from '../bin/launch.js';
import { memoryFolder } from '../test/parts/memory_folder.ts';
import { type PostgresServer, startPostgres } from '../test/parts/postgres_server.ts';

const root = fileURLToPath(new URL('..', import.meta.url));

const findTests = (places: string[], ending: string): string[] =>
  places
    .flatMap((place) =>
      statSync(place).isDirectory() ? globSync(`**/*${ending}`, { cwd: place }).map((name) => join(place, name)) : [place],
    )
    .map((path) => relative(root, resolve(path)))
    .sort();

const startShared = async (files: string[]): Promise<PostgresServer | undefined> => {
  if (process.env.CAUSEWAY_TEST_POSTGRES) return undefined; // the developer's own server
  return files.length > 1 ? startPostgres() : undefined; // one file starts its own, if it needs one at all
};

const runTests = async (args: string[]): Promise<void> => {
  const isSoak = args.includes('--soak');
  const flags = args.filter((arg) => arg.startsWith('-') && arg !== '--soak');
  const given = args.filter((arg) => !arg.startsWith('-')).map((path) => resolve(path));
  const missing = given.filter((path) => !existsSync(path));
  if (missing.length > 0) return refuse(`no such file or folder: ${missing.join(', ')}`);

  const files = findTests(given.length > 0 ? given : [join(root, 'test')], isSoak ? '.soak.ts' : '.test.ts');
  if (files.length === 0) return refuse('found no test file at all');

  const server = await startShared(files);
  // Some of what tests do is waiting (for disks, databases, other processes), so there is one more of them at once than cores: these are then
  // busy all the time, and with more of them each only takes longer.
  const settings = [
    '--import',
    new URL('own_files.ts', import.meta.url).href,
    '--test',
    `--test-concurrency=${availableParallelism() + 1}`,
  ];
  if (!isSoak) settings.push('--test-timeout=300000'); // a test that hangs fails, and is named
  process.chdir(root);
  const folder = mkdtempSync(join(memoryFolder() ?? tmpdir(), 'causeway-test-'));
  const failures = join(folder, 'failures');
  settings.push('--test-reporter=spec', '--test-reporter-destination=stdout');
  settings.push(`--test-reporter=${new URL('failures.ts', import.meta.url)}`, `--test-reporter-destination=${failures}`);
  const child = spawnTied(process.execPath, [...settings, ...flags, ...files], {
    // Every file is a process: without it each would strip the types of the whole product, which takes as long as many a test.
    NODE_COMPILE_CACHE: join(root, 'node_modules', '.cache', 'causeway'),
    CAUSEWAY_TEST_TEMPLATES: folder,
    CAUSEWAY_TEST_LASTING: tmpdir(),
    ...Object.fromEntries(['TMPDIR', 'TEMP', 'TMP'].map((name) => [name, folder])),
    ...(server ? { CAUSEWAY_TEST_POSTGRES: server.url, CAUSEWAY_TEST_POSTGRES_IS_OURS: '1' } : {}),
  });
  endAs(child, async () => {
    if (existsSync(failures)) process.stdout.write(readFileSync(failures));
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
    await server?.stop();
  });
};

const refuse = (sentence: string): void => {
  process.stderr.write(`npm test: ${sentence}\n`);
  process.exitCode = 1;
};

await runTests(process.argv.slice(2));
