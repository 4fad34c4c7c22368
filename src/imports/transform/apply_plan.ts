// Writes what was planned for a row, inside a transaction: what has to exist first, then the target record.
import { systemCaller } from '../../records/caller.ts';
import type { RecordsInTransaction, Row } from '../../records/records.ts';
import type { Creation } from './convert.ts';
import type { Plan } from './plan_row.ts';

export interface Applied {
  readonly status: 'inserted' | 'updated' | 'ignored';
  readonly row: Row;
}

const createRecord = async (within: RecordsInTransaction, creation: Creation & { kind: 'record' }): Promise<string> => {
  // Two rows, or two processes, that name the same new record must make one.
  await lockTable(within, creation.table);
  const [found] = await within.findBy(creation.table, { [creation.by]: creation.text }, { limit: 1 });
  const made = found ?? (await within.insert(systemCaller, creation.table, { [creation.by]: creation.text }));
  return made.sys_id ?? '';
};

const createChoice = async (within: RecordsInTransaction, { field, text }: Creation & { kind: 'choice' }): Promise<string> => {
  const [found] = await within.findBy('sys_choice', { name: field.table, element: field.element, value: text }, { limit: 1 });
  if (!found) {
    const sequence = String(Math.max(0, ...field.choices.map((choice) => choice.sequence)) + 1);
    const values = { name: field.table, element: field.element, value: text, label: text, sequence, language: 'en' };
    await within.insert(systemCaller, 'sys_choice', values);
  }
  return text;
};

/**
 * Holds off every other transform into this table until the transaction ends: between looking for a record and making it, nobody else
 * makes it. On SQLite there is one writer anyway.
 */
export const lockTable = async (within: RecordsInTransaction, table: string): Promise<void> => {
  await within.findBy('sys_db_object', { name: table }, { limit: 1, forUpdate: true });
};

/** `locked` is the target as this transaction read it for update. Throws Fault when the record is refused. */
export const applyPlan = async (
  within: RecordsInTransaction,
  { plan, table, locked }: { plan: Plan; table: string; locked: Row },
): Promise<Applied> => {
  const values: Record<string, string | null> = Object.assign(Object.create(null), plan.values);
  for (const creation of plan.creations) {
    values[creation.element] =
      creation.kind === 'record' ? await createRecord(within, creation) : await createChoice(within, creation);
  }
  if (plan.action === 'insert') return { status: 'inserted', row: await within.insert(systemCaller, table, values) };
  const row = await within.update(systemCaller, table, plan.targetSysId, values, locked);
  return { status: row.sys_mod_count === locked.sys_mod_count ? 'ignored' : 'updated', row };
};
