// Headers of a file and names of claims → columns of a staging table. Pure; the same header always finds the same column.
import type { SourceRow } from './source_row.ts';

const mostLetters = 50;

/** `First Name` → `u_first_name`; what has no letter or digit is `u_field`. */
export const columnName = (header: string): string => {
  const words = header
    .normalize('NFKD')
    // Marks that the decomposition set apart, so that é becomes e instead of a gap.
    .replace(/\p{M}+/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '_')
    .slice(0, mostLetters)
    .replace(/^_+|_+$/g, '');
  if (words === '') return 'u_field';
  return /^u_[a-z0-9]/.test(words) ? words : `u_${words}`;
};

export interface KnownColumn {
  readonly element: string;
  readonly label: string;
}

/** Where a header's value goes. `isNew` columns are still to be made. */
export interface ColumnPlan {
  readonly header: string;
  readonly element: string;
  readonly isNew: boolean;
}

const lower = (text: string): string => text.trim().toLowerCase();

/** The known column that a header means: by its label, by its name, by what its name would be; in this order. */
const makeFinder = (known: readonly KnownColumn[]) => {
  const byLabel = new Map(known.map((column) => [lower(column.label), column.element]));
  const byName = new Map(known.map((column) => [column.element, column.element]));
  return {
    has: (element: string) => byName.has(element),
    candidates: (header: string) => [byLabel.get(lower(header)), byName.get(lower(header)), byName.get(columnName(header))],
  };
};

/**
 * The column of each header: one whose label it is, one whose name it is (with or without `u_`), else a new one. Two headers that would
 * share a column get two; headers beyond `mostNew` new columns get none and are left out.
 */
export const planColumns = (headers: Iterable<string>, known: readonly KnownColumn[], mostNew: number): readonly ColumnPlan[] => {
  const finder = makeFinder(known);
  const taken = new Set<string>();
  const plans: ColumnPlan[] = [];
  let made = 0;
  for (const header of headers) {
    const name = columnName(header);
    const found = finder.candidates(header).find((element) => element !== undefined && !taken.has(element));
    if (found !== undefined) {
      taken.add(found);
      plans.push({ header, element: found, isNew: false });
      continue;
    }
    if (made >= mostNew) continue;
    let element = name;
    for (let copy = 2; taken.has(element) || finder.has(element); copy += 1) element = `${name}_${copy}`;
    made += 1;
    taken.add(element);
    plans.push({ header, element, isNew: true });
  }
  return plans;
};

/**
 * Header → the header it is another spelling of. Two spellings are one column (`Key` in one row, `key` or the column's label in the next)
 * unless a row has both. Without an entry a header stands for itself.
 */
const otherSpellings = (
  rows: readonly ReadonlyMap<string, string>[],
  known: readonly KnownColumn[],
): ReadonlyMap<string, string> => {
  const finder = makeFinder(known);
  const names = new Map<string, string>();
  const firstOf = new Map<string, string>();
  const clashing = new Set<string>();
  for (const row of rows) {
    const here = new Set<string>();
    for (const header of row.keys()) {
      const name = names.get(header) ?? finder.candidates(header).find((one) => one !== undefined) ?? columnName(header);
      names.set(header, name);
      if (!firstOf.has(name)) firstOf.set(name, header);
      if (here.has(name)) clashing.add(name);
      here.add(name);
    }
  }
  const spellings = [...names].filter(([header, name]) => firstOf.get(name) !== header && !clashing.has(name));
  return new Map(spellings.map(([header, name]) => [header, firstOf.get(name) ?? header]));
};

/** The columns of rows of any spelling, and the rows with one header for each of them. */
export const planRows = (
  given: readonly SourceRow[],
  known: readonly KnownColumn[],
  mostNew: number,
): { readonly plans: readonly ColumnPlan[]; readonly rows: readonly SourceRow[] } => {
  const spellings = otherSpellings(given, known);
  const rows =
    spellings.size === 0
      ? given
      : given.map((row) => new Map([...row].map(([header, text]) => [spellings.get(header) ?? header, text])));
  const headers = new Set<string>();
  for (const row of rows) for (const header of row.keys()) headers.add(header);
  return { rows, plans: planColumns(headers, known, mostNew) };
};
