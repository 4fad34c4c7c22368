// Where files may lie of which nothing must outlast a test run: in memory nothing waits for a disk, and the kernel has less to do.
import { accessSync, constants, statfsSync } from 'node:fs';

const folder = '/dev/shm';
const leastBytes = 3 * 1024 ** 3;

/** undefined where the machine has none, or not the room. */
export const memoryFolder = (): string | undefined => {
  try {
    accessSync(folder, constants.W_OK);
    const { bavail, bsize } = statfsSync(folder);
    return Math.min(bavail * bsize, process.availableMemory()) < leastBytes ? undefined : folder;
  } catch {
    return undefined;
  }
};
