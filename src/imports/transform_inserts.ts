// Records put into a staging table by any other door than the Import Set API are transformed too, before that door answers.
import type { Records } from '../records/records.ts';
import type { ImportRows } from './import_rows.ts';
import type { ImportSets } from './import_sets.ts';
import type { StagingTables } from './staging_tables.ts';

/** The same records, whose inserts into staging tables end with the transform. A failed transform is told by the row, not by an error. */
export const transformInserts = (parts: {
  records: Records;
  rows: ImportRows;
  sets: ImportSets;
  staging: StagingTables;
}): Records => {
  const { records, rows, sets, staging } = parts;
  return {
    ...records,
    async insert(caller, tableName, values, options) {
      const inserted = await records.insert(caller, tableName, values, options);
      const table = inserted.table;
      if (!staging.isStaging(table)) return inserted;
      const { set, row } = await records.write(async (transaction) => {
        const within = records.within(transaction);
        const open = await sets.openSynchronous(within, table.name, table.label);
        return { set: open, row: await sets.adopt(within, open, table.name, inserted.sysId) };
      });
      await rows.transform(set, row, table.name);
      try {
        return { ...(await records.get(caller, table.name, inserted.sysId, options)), sysId: inserted.sysId };
      } catch {
        // Who may create rows and not read them gets what the insert itself let him see.
        return inserted;
      }
    },
  };
};
