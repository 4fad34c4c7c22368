// Coalesce: which record of the target table a row means. Looks up, writes nothing.
import type { Table } from '../../records/dictionary.ts';
import { isSysId } from '../../records/field_types/reference.ts';
import type { Row, Values } from '../../records/records.ts';
import { convert, type Look } from './convert.ts';
import type { Entry, TransformMap } from './transform_map.ts';

export interface Key {
  readonly element: string;
  /** Stored form; '' is the empty value itself. */
  readonly stored: string;
  readonly isCaseSensitive: boolean;
}

export type Keys =
  | { readonly kind: 'none' }
  /** A value that must not be empty is. */
  | { readonly kind: 'empty' }
  /** A value that cannot be in any record, such as the name of a reference that does not exist. */
  | { readonly kind: 'matchless' }
  | { readonly kind: 'keys'; readonly keys: readonly Key[] };

/** The keys of a row, from the texts of its coalesce entries. */
export const keysOf = async (
  look: Look,
  map: TransformMap,
  target: Table,
  textOf: (entry: Entry) => Promise<string>,
): Promise<Keys> => {
  const keys: Key[] = [];
  let isMatchless = false;
  for (const entry of map.entries.filter((one) => one.isCoalesce)) {
    const field = target.fields.get(entry.targetField);
    if (!field || field.column === '') continue;
    const text = await textOf(entry);
    const { isCaseSensitive } = entry;
    if (field.element === 'sys_id') {
      // A script that answers -1 wants a new record whatever the other fields say.
      if (text === '-1' || (text !== '' && !isSysId(text))) return { kind: 'matchless' };
    }
    if (text.trim() === '' || text === 'NULL') {
      if (!entry.coalescesEmpty) return { kind: 'empty' };
      keys.push({ element: field.element, stored: '', isCaseSensitive });
      continue;
    }
    const found = await convert(look, field, { ...entry, choiceAction: 'ignore' }, text);
    if (found.kind === 'value') keys.push({ element: field.element, stored: found.value, isCaseSensitive });
    else isMatchless = true;
  }
  if (isMatchless) return { kind: 'matchless' };
  return keys.length === 0 ? { kind: 'none' } : { kind: 'keys', keys };
};

const mostMatches = 100;

/** How records with these keys are asked for. */
export const matchOf = (keys: readonly Key[]): Values => Object.fromEntries(keys.map(({ element, stored }) => [element, stored]));

export const matchLimit = (keys: readonly Key[]): number => (keys.some((key) => key.isCaseSensitive) ? mostMatches : 1);

/** The first of the records that were found; case counts where the map says so. */
export const firstMatch = (keys: readonly Key[], rows: readonly Row[]): Row | undefined =>
  rows.find((row) => keys.every((key) => !key.isCaseSensitive || (row[key.element] ?? '') === key.stored));

/** The first record that has all keys. `forUpdate`: it is locked until the transaction ends. */
export const findMatch = async (
  look: Look,
  table: string,
  keys: readonly Key[],
  options: { forUpdate?: boolean } = {},
): Promise<Row | undefined> => firstMatch(keys, await look.findBy(table, matchOf(keys), { limit: matchLimit(keys), ...options }));
