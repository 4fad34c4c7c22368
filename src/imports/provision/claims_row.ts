// The claims of one token as one staging row in an import set of its own, and the map that runs over it.
import { systemCaller } from '../../records/caller.ts';
import type { Records, Row } from '../../records/records.ts';
import type { Transaction } from '../../store/store.ts';
import { flatten } from '../flatten.ts';
import type { ImportSets } from '../import_sets.ts';
import type { StagingTables } from '../staging_tables.ts';
import { codes, type RowOutcome } from '../transform/outcome.ts';
import type { ScriptOpener } from '../transform/scripts.ts';
import type { TransformMap } from '../transform/transform_map.ts';
import { openTransform } from '../transform/transformer.ts';
import { cannotProvision, type Provisioning } from './provisioning.ts';

export interface Staged {
  readonly set: Row;
  readonly row: Row;
}

export type Ending = { readonly state: 'as transformed' } | { readonly state: 'ignored' | 'error'; readonly comment: string };

export interface ClaimsRows {
  stage(wanted: Provisioning, claims: Readonly<Record<string, unknown>>): Promise<Staged>;
  /** `judge` sees the outcome inside the transaction, and undoes it by throwing a Fault. */
  run(
    staged: Staged,
    map: TransformMap,
    judge: (transaction: Transaction, outcome: RowOutcome) => Promise<void>,
  ): Promise<RowOutcome>;
  finish(staged: Staged, map: TransformMap, ending: Ending): Promise<void>;
}

const claimLimits = { depth: 4, keys: 150, keyLength: 100, textLength: 4_000 };

export const makeClaimsRows = (parts: {
  records: Records;
  staging: StagingTables;
  sets: ImportSets;
  openScripts: ScriptOpener;
}): ClaimsRows => {
  const { records, staging, sets, openScripts } = parts;
  return {
    async stage({ source, table }, claims) {
      const label = source.import_set_table_label || source.name || table;
      await staging.ensure(table, label);
      const [values = {}] = await staging.fit(table, [flatten(claims, claimLimits)], true);
      return records.write(async (transaction) => {
        const within = records.within(transaction);
        const description = `Claims for ${source.name}`;
        const dataSource = source.sys_id ?? '';
        const set = await sets.create(within, { table, label, mode: 'synchronous', dataSource, description });
        return { set, row: await sets.append(within, set, table, values) };
      });
    },

    async run({ set, row }, map, judge) {
      const run = await openTransform({
        records,
        openScripts,
        map,
        importSet: set,
        lane: `provision:${map.sysId}`,
        noteAfter: (of, logs, failure) => sets.noteAfter(set, map, of, logs, failure),
      });
      try {
        const { refusal, logs } = await run.start();
        await sets.logRun(set, map, logs);
        if (refusal) throw cannotProvision(refusal);
        const [outcome] = await run.transform([row], async (transaction, rows, outcomes) => {
          for (const made of outcomes) await judge(transaction, made);
          await sets.settle(transaction, { set, map, rows, outcomes });
        });
        await sets.logRun(set, map, (await run.complete()).logs);
        return outcome as RowOutcome;
      } finally {
        run.close();
      }
    },

    async finish({ set, row }, map, ending) {
      const sysImportSet = set.sys_id ?? '';
      const rowId = row.sys_id ?? '';
      await records.write(async (transaction) => {
        const within = records.within(transaction);
        if (ending.state !== 'as transformed') {
          const comment = ending.comment.slice(0, 4_000).toWellFormed();
          const state = { sys_import_state: ending.state, sys_import_state_comment: comment };
          await within.update(systemCaller, 'sys_import_set_row', rowId, state);
          if (ending.state === 'error') {
            const error = { import_set: sysImportSet, import_set_row: rowId, row: row.sys_import_row ?? '', error: comment };
            await within.insert(systemCaller, 'sys_import_set_row_error', { ...error, code: String(codes.notProvisioned) });
          }
        }
        await sets.finishRun(within, sysImportSet, map.sysId, 'complete');
        await within.update(systemCaller, 'sys_import_set', sysImportSet, { state: 'processed' });
      });
    },
  };
};
