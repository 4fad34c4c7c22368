// Makes a folder for the data of this account alone. Step by step: Node's own recursive mkdir never ends where the system says that a
// parent is missing although it is there (/proc).
import { mkdir, stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { Fault } from './fault.ts';

const reasons = new Map([
  ['EACCES', 'this account may not write there'],
  ['EPERM', 'this account may not write there'],
  ['EROFS', 'that file system is read-only'],
  ['ENOENT', 'the system makes no folder there'],
  ['ENOSPC', 'no space is left there'],
]);

const refuse = (path: string, reason: string, cause?: unknown): never => {
  throw new Fault('unavailable', 'instance.folder_unusable', `Cannot use the data folder ${path}: ${reason}; see --data`, {
    cause,
  });
};

const isFolder = async (path: string): Promise<boolean | undefined> => {
  try {
    return (await stat(path)).isDirectory();
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return code === 'ENOTDIR' ? false : undefined;
  }
};

/** The folder is there afterwards, with those above it. Throws Fault `instance.folder_unusable`. */
export const makeFolder = async (path: string): Promise<void> => {
  const missing: string[] = [];
  for (let at = resolve(path); ; at = dirname(at)) {
    const found = await isFolder(at);
    if (found === true) break;
    if (found === false) refuse(path, `${at} is no folder`);
    missing.unshift(at);
    if (at === dirname(at)) break;
  }
  for (const folder of missing) {
    try {
      await mkdir(folder, { mode: 0o700 });
    } catch (error) {
      const { code = '' } = error as NodeJS.ErrnoException;
      if (code !== 'EEXIST') refuse(path, reasons.get(code) ?? code, error);
    }
  }
};
