// What a copy of a database does not keep: of a file its number on the disk and the moment it was made, of a PostgreSQL database the numbers
// that the server gave it and its tables. A moved file, another container on the same volume and another process keep them.
import { stat, statfs } from 'node:fs/promises';
import { platform } from 'node:process';
import type { Store } from '../../store/store.ts';

/** Of Linux, where files keep number and birth for as long as they are: ext, xfs, btrfs, zfs, f2fs, bcachefs, overlay, tmpfs. Network drives do not. */
const steadyFileSystems: ReadonlySet<number> = new Set([
  0xef53, 0x58465342, 0x9123683e, 0x2fc12fc1, 0xf2f52010, 0xca451a4e, 0x794c7630, 0x01021994,
]);

const ofFile = async (path: string): Promise<string> => {
  const isSteady = platform !== 'linux' || steadyFileSystems.has((await statfs(path)).type);
  if (!isSteady) return '';
  const { ino, birthtimeNs } = await stat(path, { bigint: true });
  return `file ${ino} ${birthtimeNs}`;
};

/** '' where nothing can be said. `location`: what openStore takes. */
export const readPlace = async (store: Store, location: string): Promise<string> => {
  if (store.dialect.engine === 'sqlite') return ofFile(location);
  const [row] = await store.read(
    `SELECT (SELECT oid FROM pg_database WHERE datname = current_database())::text,
       'causeway_incarnation'::regclass::oid::text, 'sn_sb_connection'::regclass::oid::text`,
  );
  return `database ${row?.join(' ') ?? ''}`;
};
