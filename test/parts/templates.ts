// Databases that are made once and copied ever after, because a first start costs as much as fifty copies. A test run keeps them in the
// folder and the server that scripts/test.ts gives it; a test file run alone keeps its own. Must not know what is in them.
import { copyFileSync, existsSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { untilTrue } from './until_true.ts';

const makingLimitMs = 60_000;

// The one state of this file: the folder of a process that is not part of a run.
let folderOfThisProcess: string | undefined;

const templateFolder = (): string => {
  const shared = process.env.CAUSEWAY_TEST_TEMPLATES;
  if (shared) return shared;
  if (folderOfThisProcess === undefined) {
    const folder = mkdtempSync(join(tmpdir(), 'causeway-templates-'));
    process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
    folderOfThisProcess = folder;
  }
  return folderOfThisProcess;
};

/** Made by the first process of a run that asks; the others wait for it. */
const templateFile = async (key: string, make: (path: string) => Promise<void>): Promise<string> => {
  const path = join(templateFolder(), `${key}.db`);
  if (existsSync(path)) return path;
  const lock = `${path}.lock`;
  const held = await open(lock, 'wx').catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error;
  });
  if (!held) {
    await untilTrue(() => existsSync(path) || !existsSync(lock), makingLimitMs);
    return templateFile(key, make);
  }
  try {
    const draft = `${path}.draft`;
    await make(draft);
    renameSync(draft, path);
  } finally {
    await held.close();
    await rm(lock);
  }
  return path;
};

/** Puts what `make` made into the new file `to`. */
export const copyFile = async (key: string, make: (path: string) => Promise<void>, to: string): Promise<void> =>
  copyFileSync(await templateFile(key, make), to);
