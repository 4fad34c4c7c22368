// Many rows of one caller at once: one import set, transformed in the background unless the staging table's settings say otherwise.
import { type Clock, wireMoment } from '../kit/clock.ts';
import { Fault } from '../kit/fault.ts';
import type { Ids } from '../kit/ids.ts';
import type { Caller } from '../records/caller.ts';
import { systemCaller } from '../records/caller.ts';
import { isSysId } from '../records/field_types/reference.ts';
import type { Records } from '../records/records.ts';
import type { ImportSets } from './import_sets.ts';
import { insertStaged } from './insert_staged.ts';
import type { ImportJobs } from './jobs/import_jobs.ts';
import type { SourceRow } from './source_row.ts';
import type { StagingTables } from './staging_tables.ts';

export interface InsertedMany {
  readonly importSet: string;
  readonly multi: string;
}

/** Throws `imports.no_multi_set` for a multi import set that does not exist, and whatever storing the rows throws. */
export type InsertMultiple = (
  caller: Caller,
  table: string,
  rows: readonly SourceRow[],
  options: { multi: string; runAfter: boolean },
) => Promise<InsertedMany>;

export const makeInsertMultiple =
  (parts: {
    records: Records;
    staging: StagingTables;
    sets: ImportSets;
    jobs: ImportJobs;
    clock: Clock;
    ids: Ids;
    mayGrow: () => Promise<boolean>;
    requireCreate: (caller: Caller, table: string) => Promise<void>;
  }): InsertMultiple =>
  async (caller, tableName, rows, { multi, runAfter }) => {
    const { records, staging, sets, jobs } = parts;
    const table = await staging.require(tableName);
    await parts.requireCreate(caller, table.name);
    if (multi !== '') await requireMulti(records, multi);
    const values = await staging.fit(table.name, rows, await parts.mayGrow());
    const [settings] = await records.findBy('sys_rest_insert_multiple', { source_table: table.name }, { limit: 1 });
    const isSynchronous = settings?.transform_mode === 'synchronous';
    const made = await records.write(async (transaction) => {
      const within = records.within(transaction);
      const group = multi || (await within.insert(systemCaller, 'sys_multi_import_set', {})).sys_id || '';
      const mode = isSynchronous ? 'synchronous' : 'asynchronous';
      const set = await sets.create(within, { table: table.name, label: table.label, mode, multi: group });
      await insertStaged(transaction, parts, { table, set: set.sys_id ?? '', first: 1, rows: values, userName: caller.userName });
      const loaded = { state: 'loaded', load_completed: wireMoment(parts.clock.now()) };
      await within.update(systemCaller, 'sys_import_set', set.sys_id ?? '', loaded);
      return { importSet: set.sys_id ?? '', multi: group };
    });
    if (runAfter) {
      const job = await jobs.transformSet(made.importSet, table.name, caller);
      if (isSynchronous) await jobs.finished(job);
    }
    return made;
  };

const requireMulti = async (records: Records, multi: string): Promise<void> => {
  const [found] = isSysId(multi) ? await records.findBy('sys_multi_import_set', { sys_id: multi }, { limit: 1 }) : [];
  if (!found) throw new Fault('bad_request', 'imports.no_multi_set', 'There is no such multi import set');
};
