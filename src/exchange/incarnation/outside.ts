// What is remembered outside of the database: a small file in the data folder. Written whole under another name, then renamed, so that a
// reader never sees half of it. It must hold no secret.
import { open, readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { type Lineage, lineageText, readLineage } from './lineage.ts';

export interface Outside {
  readonly instanceId: string;
  readonly lineage: Lineage;
}

const fileName = 'exchange_incarnation.json';

const readText = (text: string): Outside | undefined => {
  try {
    const said = JSON.parse(text) as { instance_id?: unknown; lineage?: unknown };
    const lineage = readLineage(String(said.lineage));
    return typeof said.instance_id === 'string' && lineage ? { instanceId: said.instance_id, lineage } : undefined;
  } catch {
    return undefined;
  }
};

/** undefined where there is no such file yet, or one that cannot be read: then the database alone says who this is. */
export const readOutside = async (folder: string): Promise<Outside | undefined> => {
  const text = await readFile(join(folder, fileName), 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return '';
    throw error;
  });
  return readText(text);
};

/** `writer`: a word of this process alone. Safe to repeat. */
export const writeOutside = async (folder: string, { instanceId, lineage }: Outside, writer: string): Promise<void> => {
  const [path, draft] = [join(folder, fileName), join(folder, `${fileName}.${writer}`)];
  const file = await open(draft, 'w', 0o600);
  try {
    await file.writeFile(`${JSON.stringify({ instance_id: instanceId, lineage: lineageText(lineage) })}\n`);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(draft, path);
};
