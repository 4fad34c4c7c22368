// sys_ids of built-in rows: the same on every instance, so that a row seeded twice is one row and peers speak of the same one.
import { hash } from 'node:crypto';

/** 32 lower-case hex digits for the row of `table` that `key` names. */
export const seedId = (table: string, ...key: readonly string[]): string =>
  hash('sha256', `causeway ${[table, ...key].join('\0')}`).slice(0, 32);
