// Brings the built-in definitions into real tables and rows at start. Adds what is missing; never drops, never overwrites what an
// admin changed, never brings back what an admin deleted.
import { hash } from 'node:crypto';
import type { Clock } from '../kit/clock.ts';
import { wireMoment } from '../kit/clock.ts';
import { isFault } from '../kit/fault.ts';
import type { Dialect, Store, TableShape, Transaction } from '../store/store.ts';
import type { TableDefinition } from './definition.ts';
import { ownFieldsOf, rowsOf } from './definition_rows.ts';
import { moveRoots } from './move_root.ts';
import { writeLabels } from './rules/labels.ts';
import { writeSeeds } from './seed_rows.ts';
import { shapeOf } from './storage_shape.ts';

const stateTable: TableShape = {
  name: 'causeway_state',
  columns: [
    { name: 'name', type: 'text', notNull: true },
    { name: 'value', type: 'text' },
  ],
};

/** Which built-in rows were ever written, and with what content: how one that an admin deleted stays deleted. */
const seedTable: TableShape = {
  name: 'causeway_seed',
  columns: [
    { name: 'sys_id', type: 'text', notNull: true },
    { name: 'table_name', type: 'text', notNull: true },
    { name: 'content', type: 'text', notNull: true },
  ],
};

const stateName = 'definitions';

/** Which way definitions become rows and tables: to be raised with every change of it, as test/records/sync_dictionary.test.ts says. */
const derivation = 1;

const selectState = ({ name, parameter }: Dialect): string =>
  `SELECT ${name('value')} FROM ${name(stateTable.name)} WHERE ${name('name')} = ${parameter(1)}`;

/** '' where nothing was ever made. */
const lastState = async (store: Store): Promise<string> => {
  const rows = await store.read(selectState(store.dialect), [stateName]).catch((error: unknown) => {
    // What no Fault was made of is a statement that cannot run: there is no such table.
    if (isFault(error)) throw error;
    return [];
  });
  return String(rows[0]?.[0] ?? '');
};

const lockedState = async (transaction: Transaction): Promise<string> => {
  const { dialect } = transaction;
  // The row is there before anyone locks it, so that two processes that start together queue up on it.
  await transaction.run(
    `INSERT INTO ${dialect.name(stateTable.name)} (${dialect.name('name')}, ${dialect.name('value')}) VALUES (${dialect.parameter(1)}, NULL) ON CONFLICT DO NOTHING`,
    [stateName],
  );
  const [found] = await transaction.read(`${selectState(dialect)}${dialect.forUpdate}`, [stateName]);
  return String(found?.[0] ?? '');
};

/** The real tables behind the definitions. */
export const shapesOf = (definitions: readonly TableDefinition[]): TableShape[] =>
  definitions.map((definition) =>
    shapeOf({
      name: definition.name,
      isRoot: !definition.extends,
      fields: ownFieldsOf(definition),
      indexes: definition.indexes,
      fillPercent: definition.fillPercent,
    }),
  );

export interface SyncOptions {
  store: Store;
  clock: Clock;
  definitions: readonly TableDefinition[];
  /** Tables that no dictionary knows. */
  besides: readonly TableShape[];
  demoData: boolean;
  /** Runs once, inside the transaction that makes the instance; what it needs that takes time is made by `prepareFirstStart`. */
  prepareFirstStart: () => Promise<(transaction: Transaction) => Promise<void>>;
}

/**
 * True when this call made the instance. When nothing changed since the last start it costs one small read. Two processes that start
 * together both return after one of them did the work; it is one transaction.
 */
export const syncDictionary = async ({
  store,
  clock,
  definitions,
  besides,
  demoData,
  prepareFirstStart,
}: SyncOptions): Promise<boolean> => {
  // Of the definitions, not of what becomes of them: that would have to be made at every start.
  const tables = [stateTable, seedTable, ...besides];
  const wanted = hash('sha256', JSON.stringify([derivation, demoData, tables, definitions]));
  const before = await lastState(store);
  if (before === wanted) return false;
  await store.write((transaction) => transaction.define(tables));
  const firstStart = before === '' ? await prepareFirstStart() : undefined;
  const rows = rowsOf(definitions, { demoData });
  const shapes = shapesOf(definitions);
  return store.write(async (transaction) => {
    const stored = await lockedState(transaction);
    if (stored === wanted) return false;
    const isFirst = stored === '' && firstStart !== undefined;
    await transaction.define(shapes);
    await moveRoots({ transaction, definitions, seedTable: seedTable.name });
    await writeSeeds({ transaction, definitions, rows, seedTable: seedTable.name, now: wireMoment(clock.now()) });
    await writeLabels(transaction);
    if (isFirst) await firstStart(transaction);
    const { dialect } = transaction;
    await transaction.run(
      `UPDATE ${dialect.name(stateTable.name)} SET ${dialect.name('value')} = ${dialect.parameter(1)} WHERE ${dialect.name('name')} = ${dialect.parameter(2)}`,
      [wanted, stateName],
    );
    for (const topic of ['dictionary', 'rights', 'properties']) await transaction.bump(topic);
    return isFirst;
  });
};
