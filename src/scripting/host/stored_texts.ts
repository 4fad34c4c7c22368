// A selection as texts, as scripts hold records: stored values, never NULL, secrets masked.
import { makeCell } from '../../records/present/cell.ts';
import type { Selection } from '../../records/records.ts';
import type { HostRun } from './host_parts.ts';

export interface StoredTexts {
  readonly fields: readonly string[];
  readonly rows: ReadonlyArray<readonly string[]>;
}

export const storedTexts = ({ records }: HostRun, { columns, rows }: Selection): StoredTexts => {
  const cells = columns.map((column) => makeCell(column, { dictionary: records.dictionary(), linkBase: '', timeZone: 'UTC' }));
  return { fields: cells.map(({ key }) => key), rows: rows.map((row) => cells.map((cell) => cell.value(row))) };
};

/** Field → text of the first row; undefined when there is none. */
export const firstTexts = (run: HostRun, selection: Selection): Readonly<Record<string, string>> | undefined => {
  const { fields, rows } = storedTexts(run, selection);
  const [row] = rows;
  return row && Object.fromEntries(fields.map((field, at) => [field, row[at] ?? '']));
};
