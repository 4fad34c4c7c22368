// What a running demo leaves in its data directory so that `causeway demo token` can find it: addresses and the client's secret.
// It must be readable by its owner only, and gone when the demo has stopped.
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ProviderClient } from './identity_provider.ts';

export interface DemoNote {
  baseUrl: string;
  metadataUrl: string;
  client: ProviderClient;
}

const pathIn = (directory: string): string => join(directory, 'demo.json');

export const writeDemoNote = (directory: string, note: DemoNote): Promise<void> =>
  writeFile(pathIn(directory), `${JSON.stringify(note, null, 2)}\n`, { mode: 0o600 });

export const removeDemoNote = (directory: string): Promise<void> => rm(pathIn(directory), { force: true });

/** Throws Error with a sentence when no demo runs there. */
export const readDemoNote = async (directory: string): Promise<DemoNote> => {
  try {
    return JSON.parse(await readFile(pathIn(directory), 'utf8')) as DemoNote;
  } catch {
    throw new Error(`No demo runs in ${directory}: start one with "npm start" or "causeway demo", and leave it running.`);
  }
};
