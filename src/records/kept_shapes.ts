// Texts of SQL that follow from a table alone, made once for each table object and engine. A dictionary is immutable and a changed table
// is a new object, so nothing here can grow stale: a pure memo, let go with its table.
import type { Dialect } from '../store/store.ts';
import type { Table } from './dictionary.ts';

/** The same as `make`, which must depend on nothing else. */
export const keptByTable = <T>(make: (dialect: Dialect, table: Table) => T): ((dialect: Dialect, table: Table) => T) => {
  const kept = new WeakMap<Table, Map<Dialect, T>>();
  return (dialect, table) => {
    const known = kept.get(table)?.get(dialect);
    if (known !== undefined) return known;
    const made = make(dialect, table);
    const byDialect = kept.get(table) ?? new Map<Dialect, T>();
    byDialect.set(dialect, made);
    kept.set(table, byDialect);
    return made;
  };
};
