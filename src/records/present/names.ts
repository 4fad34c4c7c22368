// What display values need beyond the rows of a selection: names behind lists of references, and journal texts. Says which are
// wanted; whoever can read rows brings them.
import { isJournal } from '../field_types/unstored.ts';
import type { Selection } from '../records.ts';

export interface ShownNames {
  /** Display value of the record of `table` that `key` names; undefined when there is none or it may not be seen. */
  nameOf(table: string, key: string): string | undefined;
  /** All entries of a journal field, newest first, as a person reads them; '' when there are none. */
  journalOf(sysId: string, element: string): string;
}

export const noNames: ShownNames = Object.freeze({ nameOf: () => undefined, journalOf: () => '' });

export interface WantedNames {
  /** Table → keys found in its lists. */
  readonly names: ReadonlyMap<string, ReadonlySet<string>>;
  /** Journal elements answered, and the records they are answered for. */
  readonly journals: readonly string[];
  readonly sysIds: readonly string[];
}

/** What to look up before a selection is shown with display values; all empty for most. */
export const wantedNames = ({ columns, rows }: Pick<Selection, 'columns' | 'rows'>): WantedNames => {
  const names = new Map<string, Set<string>>();
  for (const { field, valueAt } of columns) {
    if (field?.type !== 'glide_list' || field.reference === '' || valueAt < 0) continue;
    const keys = names.get(field.reference) ?? new Set<string>();
    for (const row of rows) {
      for (const key of String(row[valueAt] ?? '').split(',')) if (key !== '') keys.add(key);
    }
    if (keys.size > 0) names.set(field.reference, keys);
  }
  const journals = columns
    .filter(({ key, field }) => field && isJournal(field.type) && key === field.element)
    .map(({ key }) => key);
  return { names, journals, sysIds: journals.length > 0 ? rows.map((row) => String(row[0])) : [] };
};
