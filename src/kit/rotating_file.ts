// A file of lines that grows to a bound and then makes room: appended to in order, set aside by size and by day, a few old ones kept.
// Must not lose a line silently: when the disk cannot follow, what is dropped is counted and said.

import type { FileHandle } from 'node:fs/promises';
import { mkdir, open, readdir, rename, stat, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock } from './clock.ts';

export interface RotatingFile {
  /** Takes whole lines, many at a time: each piece is a write of its own, but where the one before it is still under way. Returns at once. */
  append(lines: Buffer): void;
  /** Resolves when everything taken so far is in the file. */
  flush(): Promise<void>;
  close(): Promise<void>;
}

export interface RotatingFileParts {
  clock: Clock;
  dir: string;
  /** `localhost_log` gives `localhost_log.txt`, and `localhost_log.2026-11-21.1.txt` for what was set aside. */
  name: string;
  limitBytes?: number;
  /** Files set aside that are kept. */
  keep?: number;
}

const backlogBytes = 8_388_608;
const lineEnd = 10;

export const makeRotatingFile = (parts: RotatingFileParts): RotatingFile => {
  const { clock, dir, name, limitBytes = 33_554_432, keep = 14 } = parts;
  const path = join(dir, `${name}.txt`);
  const dayOf = (atMs: number) => new Date(atMs).toISOString().slice(0, 10);
  let file: FileHandle | undefined;
  let day = '';
  let bytes = 0;
  let waiting: Buffer[] = [];
  let waitingBytes = 0;
  let dropped = 0;
  let writing: Promise<void> | undefined;
  let isClosed = false;

  const openFile = async () => {
    await mkdir(dir, { recursive: true, mode: 0o700 });
    const present = await stat(path).catch(() => undefined);
    file = await open(path, 'a', 0o600);
    bytes = present?.size ?? 0;
    day = dayOf(present && present.size > 0 ? present.mtimeMs : clock.now());
  };

  const setAside = async () => {
    await file?.close();
    file = undefined;
    const ours = (await readdir(dir)).filter((entry) => entry.startsWith(`${name}.`) && entry !== `${name}.txt`);
    const ofDay = ours.map((entry) => new RegExp(`\\.${day}\\.(\\d+)\\.txt$`).exec(entry)?.[1]).map(Number);
    const next = `${name}.${day}.${Math.max(0, ...ofDay.filter(Number.isFinite)) + 1}.txt`;
    await rename(path, join(dir, next)).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'ENOENT') throw error;
    });
    const byAge = (one: string, other: string) => one.localeCompare(other, 'en', { numeric: true });
    const surplus = [...ours, next].sort(byAge).slice(0, -keep);
    await Promise.all(surplus.map((entry) => unlink(join(dir, entry)).catch(() => undefined)));
  };

  /** What waits now. */
  const drain = async () => {
    if (dropped > 0) waiting.push(Buffer.from(`${dropped} lines were lost here: the disk did not keep up\n`));
    const piece = Buffer.concat(waiting);
    [waiting, waitingBytes, dropped] = [[], 0, 0];
    if (!file) await openFile();
    if (bytes > 0 && (bytes >= limitBytes || dayOf(clock.now()) !== day)) {
      await setAside();
      await openFile();
    }
    if (bytes === 0) day = dayOf(clock.now());
    await file?.writeFile(piece);
    bytes += piece.length;
  };

  const drainAll = async () => {
    // A log that cannot be written must not take the instance down with it; stdout still has the lines.
    while (waiting.length > 0) await drain().catch(() => undefined);
    writing = undefined;
  };

  const start = (): Promise<void> => {
    if (waiting.length > 0) writing ??= drainAll();
    return writing ?? Promise.resolve();
  };

  return {
    append(lines) {
      if (isClosed) return;
      if (waitingBytes > backlogBytes) {
        for (const byte of lines) if (byte === lineEnd) dropped += 1;
        return;
      }
      waiting.push(lines);
      waitingBytes += lines.length;
      void start();
    },
    flush: start,
    async close() {
      if (isClosed) return;
      isClosed = true;
      await start();
      await file?.close();
    },
  };
};
