// One row, transformed while the caller waits: the Import Set API, and records put into a staging table through any other door.
import type { Caller } from '../records/caller.ts';
import { systemCaller } from '../records/caller.ts';
import type { Records, Row } from '../records/records.ts';
import type { ImportSets } from './import_sets.ts';
import type { SourceRow } from './source_row.ts';
import type { StagingTables } from './staging_tables.ts';
import type { LogNote, RowOutcome } from './transform/outcome.ts';
import type { ScriptOpener } from './transform/scripts.ts';
import type { TransformMap, TransformMaps } from './transform/transform_map.ts';
import { openTransform } from './transform/transformer.ts';

export interface MapResult {
  readonly map: string;
  readonly outcome: RowOutcome;
}

export interface ImportedRow {
  readonly importSet: string;
  readonly table: string;
  readonly sysId: string;
  readonly results: readonly MapResult[];
}

export interface ImportRows {
  /** Stores the row, then runs every active map. A failing transform is an outcome, not an exception. Throws Fault when the row cannot be stored. */
  insert(caller: Caller, table: string, row: SourceRow): Promise<ImportedRow>;
  /** Transforms a row that is stored already. */
  transform(set: Row, row: Row, table: string): Promise<readonly MapResult[]>;
}

export interface ImportRowsParts {
  records: Records;
  staging: StagingTables;
  sets: ImportSets;
  maps: TransformMaps;
  openScripts: ScriptOpener;
  /** sys_properties `glide.import_set_row.dynamically_add_fields`. */
  mayGrow: () => Promise<boolean>;
  /** Throws Fault when the caller may not create rows in that table. */
  requireCreate: (caller: Caller, table: string) => Promise<void>;
}

const longestResult = 65_000;

export const makeImportRows = (parts: ImportRowsParts): ImportRows => {
  const { records, staging, sets, maps, openScripts } = parts;

  const runMap = async (map: TransformMap, set: Row, row: Row): Promise<RowOutcome> => {
    const noteAfter = (of: Row, logs: readonly LogNote[], failure: string) => sets.noteAfter(set, map, of, logs, failure);
    const run = await openTransform({ records, openScripts, map, importSet: set, lane: `import:${map.sysId}`, noteAfter });
    try {
      const { refusal, logs } = await run.start();
      await sets.logRun(set, map, logs);
      if (refusal) return refusedRun(map, row, refusal);
      const [outcome] = await run.transform([row], (transaction, rows, outcomes) =>
        sets.settle(transaction, { set, map, rows, outcomes }),
      );
      await sets.logRun(set, map, (await run.complete()).logs);
      return outcome as RowOutcome;
    } finally {
      run.close();
    }
  };

  const transform = async (set: Row, row: Row, table: string): Promise<readonly MapResult[]> => {
    const results: MapResult[] = [];
    for (const map of await maps.of(table)) results.push({ map: map.name, outcome: await runMap(map, set, row) });
    const kept = JSON.stringify(results);
    // What a script made too long to keep is answered once and not again.
    if (kept.length <= longestResult) {
      await records.write((transaction) =>
        records.within(transaction).update(systemCaller, 'sys_import_set_row', row.sys_id ?? '', { sys_import_result: kept }),
      );
    }
    return results;
  };

  return {
    transform,
    async insert(caller, tableName, given) {
      const table = await staging.require(tableName);
      await parts.requireCreate(caller, table.name);
      const [values = {}] = await staging.fit(table.name, [given], await parts.mayGrow());
      const { set, row } = await records.write(async (transaction) => {
        const within = records.within(transaction);
        const set = await sets.openSynchronous(within, table.name, table.label);
        return { set, row: await sets.append(within, set, table.name, values) };
      });
      const results = await transform(set, row, table.name);
      return { importSet: set.number ?? '', table: table.name, sysId: row.sys_id ?? '', results };
    },
  };
};

const refusedRun = (map: TransformMap, row: Row, refusal: string): RowOutcome => ({
  status: 'skipped',
  targetTable: map.targetTable,
  targetSysId: '',
  displayName: '',
  displayValue: '',
  statusMessage: refusal,
  errorMessage: '',
  response: {},
  notes: [],
  logs: [{ level: 'warn', text: `Row ${row.sys_import_row}: ${refusal}`, source: map.name }],
});
