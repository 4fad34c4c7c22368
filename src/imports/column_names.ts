// Headers of a file and names of claims → columns of a staging table. Pure; the same header always finds the same column.

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

/**
 * Header → the header it is another spelling of. Two spellings are one column (`Key` in one row, `key` in the next) unless a row has
 * both. Without an entry a header stands for itself.
 */
export const otherSpellings = (rows: readonly ReadonlyMap<string, string>[]): ReadonlyMap<string, string> => {
  const names = new Map<string, string>();
  const firstOf = new Map<string, string>();
  const clashing = new Set<string>();
  for (const row of rows) {
    const here = new Map<string, string>();
    for (const header of row.keys()) {
      const name = names.get(header) ?? columnName(header);
      names.set(header, name);
      if (!firstOf.has(name)) firstOf.set(name, header);
      if (here.has(name)) clashing.add(name);
      here.set(name, header);
    }
  }
  const spellings = [...names].filter(([header, name]) => firstOf.get(name) !== header && !clashing.has(name));
  return new Map(spellings.map(([header, name]) => [header, firstOf.get(name) ?? header]));
};

const lower = (text: string): string => text.trim().toLowerCase();

/**
 * The column of each header: one whose label it is, one whose name it is (with or without `u_`), else a new one. Two headers that would
 * share a column get two; headers beyond `mostNew` new columns get none and are left out.
 */
export const planColumns = (headers: Iterable<string>, known: readonly KnownColumn[], mostNew: number): readonly ColumnPlan[] => {
  const byLabel = new Map(known.map((column) => [lower(column.label), column.element]));
  const byName = new Map(known.map((column) => [column.element, column.element]));
  const taken = new Set<string>();
  const plans: ColumnPlan[] = [];
  let made = 0;
  for (const header of headers) {
    const name = columnName(header);
    const candidates = [byLabel.get(lower(header)), byName.get(lower(header)), byName.get(name)];
    const found = candidates.find((element) => element !== undefined && !taken.has(element));
    if (found !== undefined) {
      taken.add(found);
      plans.push({ header, element: found, isNew: false });
      continue;
    }
    if (made >= mostNew) continue;
    let element = name;
    for (let copy = 2; taken.has(element) || byName.has(element); copy += 1) element = `${name}_${copy}`;
    made += 1;
    taken.add(element);
    plans.push({ header, element, isNew: true });
  }
  return plans;
};
