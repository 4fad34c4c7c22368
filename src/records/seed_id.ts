// sys_ids of built-in rows: the same on every instance, so that a row seeded twice is one row and peers speak of the same one.
import { createHash } from 'node:crypto';

/** 32 lower-case hex digits for the row of `table` that `key` names. */
export const seedId = (table: string, ...key: readonly string[]): string =>
  createHash('sha256')
    .update(`causeway ${[table, ...key].join('\0')}`)
    .digest('hex')
    .slice(0, 32);
