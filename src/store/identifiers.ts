// Names of tables, columns and indexes as they stand in SQL. They come from the dictionary, never from a caller.
import { createHash } from 'node:crypto';

// PostgreSQL cuts longer names off, so that two of them become one. The digest keeps them apart.
const limitBytes = 63;

/** The name itself, or its first part and a digest where PostgreSQL would cut it. The same answer for the same name, always. */
export const fitted = (identifier: string): string => {
  if (Buffer.byteLength(identifier) <= limitBytes) return identifier;
  const digest = createHash('sha256').update(identifier).digest('hex').slice(0, 12);
  return `${Buffer.from(identifier).subarray(0, 48).toString('utf8').replaceAll('\ufffd', '')}_${digest}`;
};

export const quoted = (identifier: string): string => `"${fitted(identifier).replaceAll('"', '""')}"`;

/** Indexes share one name space per database, so the table's name is part of theirs. */
export const indexName = (table: string, index: string): string =>
  fitted(index.startsWith(`${table}_`) ? index : `${table}_${index}`);
