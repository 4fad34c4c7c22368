// Which rules see a table: those of the table and of the tables that it extends. The list of all rules only grows, so its length tells
// whether what was found before still holds. It must not run a rule.
import type { Table } from './dictionary.ts';
import type { Rule } from './records.ts';

const sees = ({ tables }: Rule, table: Table): boolean =>
  tables === 'all' || tables.some((name) => table.chain.some((level) => level.name === name));

/** Looks through the list once for each table. */
export const makeRulesOf = (rules: () => readonly Rule[]): ((table: Table) => readonly Rule[]) => {
  const known = new WeakMap<Table, { among: number; found: readonly Rule[] }>();
  return (table) => {
    const all = rules();
    const before = known.get(table);
    if (before?.among === all.length) return before.found;
    const found = all.filter((rule) => sees(rule, table));
    known.set(table, { among: all.length, found });
    return found;
  };
};
