// Runs a map over rows. Maps without scripts: many rows in one transaction, and in halves when that fails. Maps with scripts: row by
// row, the scripts outside the transaction, and planned again when the target changed meanwhile.
import { Fault, isFault } from '../../kit/fault.ts';
import type { Table } from '../../records/dictionary.ts';
import type { Records, RecordsInTransaction, Row } from '../../records/records.ts';
import type { Transaction } from '../../store/store.ts';
import { applyPlan, lockTable } from './apply_plan.ts';
import type { Look } from './convert.ts';
import { findMatch, type Key } from './match.ts';
import { codes, type LogNote, type RowOutcome } from './outcome.ts';
import { type Plan, planRow } from './plan_row.ts';
import { makeRowScripts, type RowScripts } from './row_scripts.ts';
import { type BatchParts, runBatch } from './run_batch.ts';
import type { OpenScripts, ScriptOpener } from './scripts.ts';
import type { Moment, TransformMap } from './transform_map.ts';

/** Called in the transaction that wrote the targets: whatever must be true together with them is written here. */
export type Settle = (transaction: Transaction, rows: readonly Row[], outcomes: readonly RowOutcome[]) => Promise<void>;

export interface TransformRun {
  /** onStart. Answers why nothing is to be transformed, or ''. */
  start(): Promise<{ refusal: string; logs: readonly LogNote[] }>;
  /** Staging rows → outcomes, in order. Each row's target and what `settle` writes are one transaction. */
  transform(rows: readonly Row[], settle: Settle): Promise<readonly RowOutcome[]>;
  /** The same without writing anything and without running scripts. */
  rehearse(rows: readonly Row[]): Promise<readonly RowOutcome[]>;
  /** Inside a transaction of the caller's; for maps whose scripts already ran or that have none. */
  transformWithin(transaction: Transaction, row: Row): Promise<RowOutcome>;
  /** onComplete. */
  complete(): Promise<{ logs: readonly LogNote[] }>;
  close(): void;
}

/** The target is no longer what the plan was made for. */
class TargetMoved extends Error {}
/** Ends a rehearsal's transaction. */
class Rehearsed extends Error {}

const mostPlans = 4;

/** The row's own fault, as opposed to a store that cannot be reached. */
const isOfRow = (error: unknown): error is Fault =>
  isFault(error) && error.kind !== 'unavailable' && error.kind !== 'rate_limited' && error.kind !== 'timeout';

/** For administrators: the detail is in it. */
const sentence = (fault: Fault): string => [fault.message, fault.explanation, fault.detail].filter(Boolean).join(': ');

export const openTransform = async (parts: {
  records: Records;
  openScripts: ScriptOpener;
  map: TransformMap;
  importSet: Row;
  lane: string;
  /** Keeps what onAfter scripts logged, and how they failed: by then the row is written and settled. */
  noteAfter?: (row: Row, logs: readonly LogNote[], failure: string) => Promise<void>;
  /** No script runs; for rehearsals. */
  isRehearsal?: boolean;
}): Promise<TransformRun> => {
  const { records, map, importSet } = parts;
  const target = targetOf(records, map);
  const wantsScripts = map.hasScripts && !parts.isRehearsal;
  const open: OpenScripts | undefined = wantsScripts ? await parts.openScripts(parts.lane) : undefined;

  const scriptsFor = (source: Row): RowScripts => makeRowScripts({ map, open, source, importSet });
  const lookWithin = (within: RecordsInTransaction): Look => ({
    dictionary: records.dictionary(),
    findBy: (table, match, options) => within.findBy(table, match, options),
  });
  const lookNow = (): Look => ({ dictionary: records.dictionary(), findBy: records.findBy });

  const outcomeOf = (plan: Pick<Plan, 'notes' | 'targetSysId'>, scripts: RowScripts, more: Partial<RowOutcome>): RowOutcome => {
    const { statusMessage, errorMessage, response, logs } = scripts.state;
    return {
      status: 'error',
      targetTable: map.targetTable,
      targetSysId: plan.targetSysId,
      displayName: target.displayField?.element ?? '',
      displayValue: '',
      statusMessage,
      errorMessage,
      response,
      notes: plan.notes,
      // A copy: the scripts after the write add to the list.
      logs: [...logs],
      ...more,
    };
  };

  /** `locked` is the target as this transaction read it for update. */
  const write = async (
    within: RecordsInTransaction,
    plan: Plan,
    scripts: RowScripts,
    locked: Row,
  ): Promise<{ outcome: RowOutcome; after: Row | undefined }> => {
    if (plan.verdict) {
      const { status, message } = plan.verdict;
      const display = plan.targetSysId ? { displayValue: scripts.state.before[target.displayField?.element ?? ''] ?? '' } : {};
      const words = status === 'error' ? { errorMessage: message } : { statusMessage: message };
      return { outcome: outcomeOf(plan, scripts, { status, ...words, ...display }), after: undefined };
    }
    const { status, row } = await applyPlan(within, { plan, table: target.name, locked });
    const words = status === 'ignored' && scripts.state.statusMessage === '' ? { statusMessage: 'No field values changed' } : {};
    const displayValue = row[target.displayField?.element ?? ''] ?? '';
    const outcome = outcomeOf(plan, scripts, { status, targetSysId: row.sys_id ?? '', displayValue, ...words });
    return { outcome, after: status === 'ignored' ? undefined : row };
  };

  const refusedRow = (fault: Fault, scripts: RowScripts, plan?: Plan): RowOutcome => {
    const text = sentence(fault);
    const notes = [...(plan?.notes ?? []), { code: codes.recordRefused, field: '', text }];
    return outcomeOf({ notes, targetSysId: '' }, scripts, { status: 'error', errorMessage: text });
  };

  const within = async (transaction: Transaction, row: Row): Promise<RowOutcome> => {
    const inside = records.within(transaction);
    const scripts = scriptsFor(row);
    const look = lookWithin(inside);
    const findTarget = (keys: readonly Key[]) => findMatch(look, target.name, keys, { forUpdate: true });
    const plan = await planRow(look, { map, target, source: row, scripts, findTarget });
    return (await write(inside, plan, scripts, scripts.state.before)).outcome;
  };

  const batch: BatchParts = {
    records,
    map,
    target,
    scriptsFor,
    isOfRow,
    refused: (fault, scripts, plan) => refusedRow(fault, scripts, plan),
    async write(inside, plan, scripts) {
      const { before } = scripts.state;
      return { before, ...(await write(inside, plan, scripts, before)) };
    },
  };

  const together = (rows: readonly Row[], settle: Settle): Promise<RowOutcome[]> =>
    records.write(async (transaction) => {
      const outcomes = await runBatch(batch, transaction, rows);
      await settle(transaction, rows, outcomes);
      return outcomes;
    });

  const settleOnly = async (row: Row, outcome: RowOutcome, settle: Settle): Promise<RowOutcome> => {
    await records.write((transaction) => settle(transaction, [row], [outcome]));
    return outcome;
  };

  /** In halves where a row is refused by what only the store sees: the others of its batch stay together. */
  const inParts = async (rows: readonly Row[], settle: Settle): Promise<RowOutcome[]> => {
    try {
      return await together(rows, settle);
    } catch (error) {
      if (!isOfRow(error)) throw error;
      const [only] = rows;
      if (rows.length === 1 && only) return [await settleOnly(only, refusedRow(error, scriptsFor(only)), settle)];
    }
    const middle = Math.ceil(rows.length / 2);
    return [...(await inParts(rows.slice(0, middle), settle)), ...(await inParts(rows.slice(middle), settle))];
  };

  const plannedWrite = (row: Row, plan: Plan, scripts: RowScripts, settle: Settle): ReturnType<typeof write> =>
    records.write(async (transaction) => {
      const inside = records.within(transaction);
      await lockTable(inside, target.name);
      let locked = scripts.state.before;
      if (plan.keys.length > 0 && !plan.verdict) {
        const now = await findMatch(lookWithin(inside), target.name, plan.keys, { forUpdate: true });
        if ((now?.sys_id ?? '') !== plan.targetSysId) throw new TargetMoved();
        locked = now ?? locked;
      }
      const done = await write(inside, plan, scripts, locked);
      await settle(transaction, [row], [done.outcome]);
      return done;
    });

  const scripted = async (row: Row, settle: Settle): Promise<RowOutcome> => {
    for (let attempt = 1; ; attempt += 1) {
      const scripts = scriptsFor(row);
      const look = lookNow();
      const findTarget = (keys: readonly Key[]) => findMatch(look, target.name, keys);
      const plan = await planRow(look, { map, target, source: row, scripts, findTarget });
      try {
        const { outcome, after: written } = await plannedWrite(row, plan, scripts, settle);
        // Nothing came of such a row that a script could look at.
        if (outcome.status === 'error' || outcome.status === 'skipped') return outcome;
        scripts.state.logs.length = 0;
        scripts.state.written = written;
        await scripts.at('onAfter');
        const { statusMessage, errorMessage, response, logs, failure } = scripts.state;
        if (logs.length > 0) await parts.noteAfter?.(row, logs, failure);
        const after = {
          statusMessage: statusMessage || outcome.statusMessage,
          errorMessage: errorMessage || outcome.errorMessage,
        };
        return {
          ...outcome,
          ...after,
          response,
          logs: [...outcome.logs, ...logs],
          ...(failure ? { errorMessage: failure } : {}),
        };
      } catch (error) {
        if (error instanceof TargetMoved && attempt < mostPlans) continue;
        if (error instanceof TargetMoved) throw new Fault('conflict', 'imports.target_moved', 'The target kept changing');
        if (!isOfRow(error)) throw error;
        return settleOnly(row, refusedRow(error, scripts, plan), settle);
      }
    }
  };

  const rehearseTogether = async (rows: readonly Row[]): Promise<RowOutcome[]> => {
    let outcomes: RowOutcome[] = [];
    try {
      await records.write(async (transaction) => {
        outcomes = await runBatch(batch, transaction, rows);
        throw new Rehearsed();
      });
    } catch (error) {
      if (!(error instanceof Rehearsed)) throw error;
    }
    return outcomes;
  };

  const rehearse = async (rows: readonly Row[]): Promise<readonly RowOutcome[]> => {
    try {
      return await rehearseTogether(rows);
    } catch (error) {
      if (!isOfRow(error)) throw error;
      const [only] = rows;
      if (rows.length === 1 && only) return [refusedRow(error, scriptsFor(only))];
    }
    const middle = Math.ceil(rows.length / 2);
    return [...(await rehearse(rows.slice(0, middle))), ...(await rehearse(rows.slice(middle)))];
  };

  const around = async (moment: Moment): Promise<RowScripts> => {
    const scripts = scriptsFor({});
    await scripts.at(moment);
    return scripts;
  };

  return {
    async start() {
      const { state } = await around('onStart');
      const stopped = state.error ? state.errorMessage || 'An onStart script ended the transform' : '';
      const refusal = state.failure || stopped || (state.ignore ? 'An onStart script ignored the import set' : '');
      return { refusal, logs: state.logs };
    },
    async transform(rows, settle) {
      if (rows.length === 0) return [];
      if (open) {
        const outcomes: RowOutcome[] = [];
        for (const row of rows) outcomes.push(await scripted(row, settle));
        return outcomes;
      }
      return inParts(rows, settle);
    },
    rehearse,
    transformWithin: within,
    complete: async () => ({ logs: (await around('onComplete')).state.logs }),
    close: () => open?.close(),
  };
};

const targetOf = (records: Records, map: TransformMap): Table => {
  const target = records.dictionary().table(map.targetTable);
  if (target) return target;
  throw new Fault('bad_request', 'imports.no_target_table', `The transform map ${map.name} has no target table`, {
    explanation: `There is no table ${map.targetTable}`,
  });
};
