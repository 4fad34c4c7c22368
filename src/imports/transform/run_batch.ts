// Rows of a map whose scripts do not run, in one transaction: looked up together, planned one after another, written together.
import type { Fault } from '../../kit/fault.ts';
import type { Table } from '../../records/dictionary.ts';
import type { GatheringRecords, Records, RecordsInTransaction, Row } from '../../records/records.ts';
import type { Transaction } from '../../store/store.ts';
import { lockTable } from './apply_plan.ts';
import { lookTogether } from './batch_looks.ts';
import type { RowOutcome } from './outcome.ts';
import { type Plan, planRow } from './plan_row.ts';
import type { RowScripts } from './row_scripts.ts';
import type { TransformMap } from './transform_map.ts';

export interface BatchParts {
  records: Records;
  map: TransformMap;
  target: Table;
  scriptsFor(row: Row): RowScripts;
  write(
    within: RecordsInTransaction,
    plan: Plan,
    scripts: RowScripts,
  ): Promise<{ outcome: RowOutcome; before: Row; after: Row | undefined }>;
  refused(fault: Fault, scripts: RowScripts, plan: Plan | undefined): RowOutcome;
  /** The row's own fault, as opposed to a store that cannot be reached. */
  isOfRow(error: unknown): error is Fault;
}

/**
 * Outcomes, in order. A row that is refused before anything of it was written is an outcome; whatever fails later is thrown, and then
 * nothing of the batch may be kept.
 */
export const runBatch = async (parts: BatchParts, transaction: Transaction, rows: readonly Row[]): Promise<RowOutcome[]> => {
  const { records, map, target } = parts;
  const within = records.within(transaction);
  const { preferIndexes } = transaction.dialect;
  if (preferIndexes !== '') await transaction.read(preferIndexes);
  await lockTable(within, target.name);
  let gathering: GatheringRecords | undefined;
  const looks = await lookTogether({
    within,
    gathering: () => gathering ?? within,
    dictionary: records.dictionary(),
    map,
    target,
    rows,
  });
  gathering = records.gathering(transaction, looks.unmatched);
  const inside = gathering;
  let others = inside.otherWrites();
  const outcomes: RowOutcome[] = [];
  for (const row of rows) {
    const scripts = parts.scriptsFor(row);
    let plan: Plan | undefined;
    try {
      plan = await planRow(looks.look, { map, target, source: row, scripts, findTarget: looks.findTarget });
      const { outcome, before, after } = await parts.write(inside, plan, scripts);
      if (after) looks.wrote(before, after);
      outcomes.push(outcome);
    } catch (error) {
      const isUnwritten = !plan?.creations.length && inside.otherWrites() === others;
      if (!parts.isOfRow(error) || !isUnwritten || error.code.startsWith('store.')) throw error;
      outcomes.push(parts.refused(error, scripts, plan));
    }
    for (const creation of plan?.creations ?? []) if (creation.kind === 'record') looks.made(creation.table, creation.text);
    if (inside.otherWrites() !== others) looks.forgetAll();
    others = inside.otherWrites();
  }
  await inside.finish();
  return outcomes;
};
