// Import sets and their rows: where a row is put, and what is written about it when it was transformed.
import { type Clock, wireMoment } from '../kit/clock.ts';
import { Fault } from '../kit/fault.ts';
import { systemCaller } from '../records/caller.ts';
import type { Records, RecordsInTransaction, Row } from '../records/records.ts';
import type { Transaction } from '../store/store.ts';
import { settleRows } from './settle_rows.ts';
import { type Counts, codes, countOutcomes, type LogNote, noCounts, type RowNote, type RowOutcome } from './transform/outcome.ts';
import type { TransformMap } from './transform/transform_map.ts';

export interface NewSet {
  table: string;
  label: string;
  mode: 'synchronous' | 'asynchronous';
  dataSource?: string;
  multi?: string;
  description?: string;
}

export interface ImportSets {
  create(within: RecordsInTransaction, set: NewSet): Promise<Row>;
  /** The open set of rows that are transformed as they come, one per staging table. */
  openSynchronous(within: RecordsInTransaction, table: string, label: string): Promise<Row>;
  /** One row at the end of a set. */
  append(within: RecordsInTransaction, set: Row, table: string, values: Readonly<Record<string, string>>): Promise<Row>;
  /** Puts a row that is there already at the end of a set. */
  adopt(within: RecordsInTransaction, set: Row, table: string, row: string): Promise<Row>;
  /** State of the rows, errors, log and history; to be called in the transaction that wrote the targets. */
  settle(
    transaction: Transaction,
    what: { set: Row; map: TransformMap; rows: readonly Row[]; outcomes: readonly RowOutcome[] },
  ): Promise<void>;
  log(within: RecordsInTransaction, set: string, map: string, row: string, notes: readonly LogNote[]): Promise<void>;
  /** What scripts logged that belong to no row: onStart and onComplete. */
  logRun(set: Row, map: TransformMap, notes: readonly LogNote[]): Promise<void>;
  /** What onAfter scripts of a row logged, and how they failed ('' for not at all): the row keeps its state. */
  noteAfter(set: Row, map: TransformMap, row: Row, notes: readonly LogNote[], failure: string): Promise<void>;
  finishRun(within: RecordsInTransaction, set: string, map: string, state: string, message?: string): Promise<void>;
  /** Ends a set and what was running over it. */
  giveUp(within: RecordsInTransaction, set: string, state: 'cancelled' | 'failed'): Promise<void>;
  /** Sets the history of a set back before its rows are transformed once more. Throws `imports.set_busy` while that is under way. */
  beginAgain(within: RecordsInTransaction, set: string): Promise<void>;
}

const noFigures = Object.fromEntries(Object.keys(noCounts).map((name) => [name, '0']));

const bounded = (text: string, length: number): string => text.slice(0, length).toWellFormed();

const commentOf = ({ status, statusMessage, errorMessage, notes }: RowOutcome): string => {
  const said = status === 'error' ? errorMessage : statusMessage;
  const rest = notes.map((note) => note.text).filter((text) => text !== said);
  return bounded([said, ...rest].filter(Boolean).join('; '), 4_000);
};

export const makeImportSets = ({ records, clock }: { records: Records; clock: Clock }): ImportSets => {
  const run = async (within: RecordsInTransaction, set: string, map: string): Promise<Row> => {
    const [found] = await within.findBy('sys_import_set_run', { set, sys_transform_map: map }, { limit: 1, forUpdate: true });
    return found ?? within.insert(systemCaller, 'sys_import_set_run', { set, sys_transform_map: map, state: 'running' });
  };

  const count = async (within: RecordsInTransaction, set: string, map: string, outcomes: readonly RowOutcome[]): Promise<Row> => {
    const row = await run(within, set, map);
    const before: Counts = {
      total: Number(row.total || 0),
      inserts: Number(row.inserts || 0),
      updates: Number(row.updates || 0),
      ignored: Number(row.ignored || 0),
      skipped: Number(row.skipped || 0),
      errors: Number(row.errors || 0),
    };
    const counts = Object.entries(countOutcomes(outcomes, before)).map(([name, figure]) => [name, String(figure)]);
    return within.update(systemCaller, 'sys_import_set_run', row.sys_id ?? '', Object.fromEntries(counts));
  };

  const create = (within: RecordsInTransaction, set: NewSet): Promise<Row> =>
    within.insert(systemCaller, 'sys_import_set', {
      table_name: set.table,
      table_label: set.label,
      state: 'loading',
      mode: set.mode,
      data_source: set.dataSource ?? '',
      multi_import_set: set.multi ?? '',
      short_description: set.description ?? '',
    });

  const nextPlace = async (within: RecordsInTransaction, set: Row): Promise<Record<string, string>> => {
    const sysImportSet = set.sys_id ?? '';
    const last = `sys_import_set=${sysImportSet}^ORDERBYDESCsys_import_row`;
    const [latest] = await within.find('sys_import_set_row', last, { limit: 1 });
    const place = String(Number(latest?.sys_import_row || 0) + 1);
    return { sys_import_set: sysImportSet, sys_import_row: place, sys_import_state: 'pending' };
  };

  const noteError = async (
    within: RecordsInTransaction,
    { set, run, row }: { set: string; run: Row; row: Row },
    { code, field, text }: RowNote,
  ): Promise<void> => {
    await within.insert(systemCaller, 'sys_import_set_row_error', {
      import_set: set,
      import_set_row: row.sys_id ?? '',
      import_set_run: run.sys_id ?? '',
      row: row.sys_import_row ?? '',
      code: String(code),
      field: bounded(field, 80),
      error: bounded(text, 4_000),
    });
  };

  const log: ImportSets['log'] = async (within, set, map, row, notes) => {
    if (notes.length === 0) return;
    const [latest] = await within.find('import_log', `import_set=${set}^ORDERBYDESCsequence`, { limit: 1 });
    let place = Number(latest?.sequence || 0);
    for (const { level, text, source } of notes.slice(0, 100)) {
      place += 1;
      const values = {
        import_set: set,
        transform_map: map,
        row,
        level,
        sequence: String(place),
        source: bounded(source, 120),
      };
      await within.insert(systemCaller, 'import_log', { ...values, message: bounded(text, 4_000) });
    }
  };

  return {
    create,
    log,
    async logRun(set, map, notes) {
      if (notes.length === 0) return;
      await records.write((transaction) => log(records.within(transaction), set.sys_id ?? '', map.sysId, '', notes));
    },
    noteAfter: (set, map, row, notes, failure) =>
      records.write(async (transaction) => {
        const within = records.within(transaction);
        const sysImportSet = set.sys_id ?? '';
        await log(within, sysImportSet, map.sysId, row.sys_import_row ?? '', notes);
        if (failure === '') return;
        const history = await run(within, sysImportSet, map.sysId);
        await noteError(within, { set: sysImportSet, run: history, row }, { code: codes.scriptError, field: '', text: failure });
        const comment = { sys_import_state_comment: bounded(`onAfter: ${failure}`, 4_000) };
        await within.update(systemCaller, 'sys_import_set_row', row.sys_id ?? '', comment);
      }),
    async openSynchronous(within, table, label) {
      await within.findBy('sys_db_object', { name: table }, { limit: 1, forUpdate: true });
      const open = { table_name: table, state: 'loading', mode: 'synchronous' };
      const [found] = await within.findBy('sys_import_set', open, { limit: 1 });
      return found ?? create(within, { table, label, mode: 'synchronous', description: 'Rows sent through APIs' });
    },
    async append(within, set, table, values) {
      return within.insert(systemCaller, table, { ...values, ...(await nextPlace(within, set)) });
    },
    async adopt(within, set, table, row) {
      return within.update(systemCaller, table, row, await nextPlace(within, set));
    },
    async settle(transaction, { set, map, rows, outcomes }) {
      const within = records.within(transaction);
      const sysImportSet = set.sys_id ?? '';
      const history = await count(within, sysImportSet, map.sysId, outcomes);
      await settleRows(transaction, clock, { map: map.sysId, rows, outcomes, commentOf });
      for (const [at, outcome] of outcomes.entries()) {
        const row = rows[at];
        if (!row?.sys_id) continue;
        for (const note of outcome.notes.slice(0, 50)) {
          await noteError(within, { set: sysImportSet, run: history, row }, note);
        }
        await log(within, sysImportSet, map.sysId, row.sys_import_row ?? '', outcome.logs);
      }
    },
    async giveUp(within, set, state) {
      await within.update(systemCaller, 'sys_import_set', set, { state: 'cancelled' });
      for (const { sys_id: sysId = '' } of await within.findBy('sys_import_set_run', { set, state: 'running' }))
        await within.update(systemCaller, 'sys_import_set_run', sysId, { state, completed: wireMoment(clock.now()) });
    },
    async beginAgain(within, set) {
      await within.findBy('sys_import_set', { sys_id: set }, { limit: 1, forUpdate: true });
      const [busy] = await within.find('sys_import_job', `import_set=${set}^stateINuploading,ready,running`, { limit: 1 });
      if (busy) throw new Fault('conflict', 'imports.set_busy', 'The import set is being worked on');
      for (const { sys_id: sysId = '' } of await within.findBy('sys_import_set_run', { set }))
        await within.update(systemCaller, 'sys_import_set_run', sysId, {
          ...noFigures,
          state: 'running',
          completed: '',
          message: '',
        });
    },
    async finishRun(within, set, map, state, message = '') {
      const row = await run(within, set, map);
      const hasErrors = state === 'complete' && Number(row.errors || 0) > 0;
      await within.update(systemCaller, 'sys_import_set_run', row.sys_id ?? '', {
        state: hasErrors ? 'complete_with_errors' : state,
        completed: wireMoment(clock.now()),
        message: bounded(message, 1_000),
      });
    },
  };
};
