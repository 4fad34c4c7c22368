// Named accounts of instances, kept in one file of the user's own: address, user and password belong together and are used together.
// It must not open a file that others can read, and must not print a password.
import { mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, isAbsolute, join } from 'node:path';
import { Misuse } from '../command.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

export interface Profile {
  readonly instance: string;
  readonly user: string;
  readonly password: string;
}

const isMissing = (error: unknown): boolean => (error as NodeJS.ErrnoException).code === 'ENOENT';

/** Throws Error where neither XDG_CONFIG_HOME nor HOME says where the user's settings are. */
export const profileFile = (environment: Environment): string => {
  const { XDG_CONFIG_HOME: config = '', HOME: home = '', APPDATA: roaming = '' } = environment;
  // The standard says that a relative path is to be ignored.
  const folder = isAbsolute(config) ? config : isAbsolute(home) ? join(home, '.config') : roaming;
  if (folder === '') throw new Error('There is no place for profiles: set XDG_CONFIG_HOME or HOME');
  return join(folder, 'causeway', 'profiles.json');
};

/** An open door is said before anything is read through it. Windows keeps no such bits. */
const refuseOpenFile = (file: string): void => {
  const { mode } = statSync(file);
  if (process.platform !== 'win32' && (mode & 0o077) !== 0)
    throw new Error(`${file} holds passwords, and others on this machine can open it. Close it with: chmod 600 ${file}`);
};

const isProfile = (value: unknown): value is Profile =>
  value !== null &&
  typeof value === 'object' &&
  (['instance', 'user', 'password'] as const).every((key) => typeof (value as Profile)[key] === 'string');

/** Throws Error with a sentence for a file that others can read or that is no list of profiles. */
export const readProfiles = (file: string): Map<string, Profile> => {
  let text: string;
  try {
    refuseOpenFile(file);
    text = readFileSync(file, 'utf8');
  } catch (error) {
    if (isMissing(error)) return new Map();
    throw error;
  }
  try {
    const { profiles } = JSON.parse(text) as { profiles: Record<string, unknown> };
    const entries = Object.entries(profiles);
    if (!entries.every((entry): entry is [string, Profile] => isProfile(entry[1]))) throw new Error();
    return new Map(entries);
  } catch {
    // What the parser says would repeat a part of the file.
    throw new Error(`${file} cannot be read as profiles: mend it, or remove it and add them again`);
  }
};

/** The whole file at once: whoever reads meanwhile sees the old one or the new one. */
export const writeProfiles = (file: string, profiles: ReadonlyMap<string, Profile>): void => {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  const draft = `${file}.${process.pid}`;
  try {
    writeFileSync(draft, `${JSON.stringify({ profiles: Object.fromEntries(profiles) }, null, 2)}\n`, { mode: 0o600, flag: 'wx' });
    renameSync(draft, file);
  } catch (error) {
    rmSync(draft, { force: true });
    throw error;
  }
};

/** Throws Misuse where there is none of that name. */
export const findProfile = (name: string, environment: Environment): Profile => {
  const file = profileFile(environment);
  const profiles = readProfiles(file);
  const found = profiles.get(name);
  if (found) return found;
  const known = profiles.size === 0 ? 'there are none yet' : `there are ${[...profiles.keys()].join(', ')}`;
  throw new Misuse(`There is no profile "${name}" in ${file}: ${known}. Add it with: causeway profile add ${name}`);
};
