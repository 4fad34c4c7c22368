// Rows of a load into their staging table. Written by statements of many rows: nothing but the import itself has rules for them.
import { type Clock, wireMoment } from '../kit/clock.ts';
import type { Ids } from '../kit/ids.ts';
import type { Table } from '../records/dictionary.ts';
import { insertMany } from '../records/many_rows.ts';
import { toColumn } from '../records/row_storage.ts';
import type { Transaction, Value } from '../store/store.ts';

const system = ['sys_created_on', 'sys_created_by', 'sys_updated_on', 'sys_updated_by', 'sys_mod_count', 'sys_class_name'];
const fate = ['sys_import_set', 'sys_import_row', 'sys_import_state'];

/** Rows are numbered from `first`. Columns that no row has a value for are left empty. */
export const insertStaged = async (
  transaction: Transaction,
  parts: { clock: Clock; ids: Ids },
  load: { table: Table; set: string; first: number; rows: ReadonlyArray<Readonly<Record<string, string>>>; userName: string },
): Promise<void> => {
  const { table, set, first, rows, userName } = load;
  const now = wireMoment(parts.clock.now());
  const keys = rows.map(() => parts.ids.sysId());
  const base = rows.map((_, at): Value[] => [
    keys[at] ?? '',
    now,
    userName,
    now,
    userName,
    0,
    table.name,
    set,
    first + at,
    'pending',
  ]);
  const used = new Set(rows.flatMap((row) => Object.keys(row)));
  for (const level of table.chain) {
    if (level.name === 'sys_import_set_row') {
      await insertMany(transaction, level.name, ['sys_id', ...system, ...fate], base);
      continue;
    }
    const fields = [...used].flatMap((element) => table.fields.get(element) ?? []).filter((field) => field.table === level.name);
    const values = rows.map((row, at): Value[] => [
      keys[at] ?? '',
      ...fields.map((field) => toColumn(field, (row[field.element] ?? '').slice(0, field.maxLength).toWellFormed())),
    ]);
    await insertMany(transaction, level.name, ['sys_id', ...fields.map((field) => field.column)], values);
  }
};
