// Whether a caller may put rows into a staging table: asked before anything is made for them.
import type { Caller } from '../records/caller.ts';
import { requireTable } from '../records/find_rows.ts';
import type { Records } from '../records/records.ts';
import { writeRefused } from '../records/refusals.ts';
import type { Rights } from '../records/rights.ts';

/** Throws `records.insert_refused`, or `records.invalid_table`. */
export const makeRequireCreate =
  ({ records, rights }: { records: Records; rights: () => Promise<Rights> | Rights }) =>
  async (caller: Caller, tableName: string): Promise<void> => {
    const table = requireTable(records.dictionary(), tableName);
    if ((await rights()).on(caller, table, 'create') !== 'all')
      throw writeRefused('insert', `no rule lets ${caller.userName} create ${tableName}`);
  };
