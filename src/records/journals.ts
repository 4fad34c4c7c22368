// Entries of journal fields: rows of sys_journal_field beside the record. Must not change an entry once written.
import type { Ids } from '../kit/ids.ts';
import type { Transaction } from '../store/store.ts';
import type { Caller } from './caller.ts';
import type { Table } from './dictionary.ts';

export interface JournalEntry {
  readonly element: string;
  readonly text: string;
}

export const writeJournals = async (
  transaction: Transaction,
  {
    ids,
    caller,
    table,
    sysId,
    now,
    entries,
  }: { ids: Ids; caller: Caller; table: Table; sysId: string; now: string; entries: readonly JournalEntry[] },
): Promise<void> => {
  const { dialect } = transaction;
  const columns = [
    'sys_id',
    'name',
    'element',
    'element_id',
    'value',
    'sys_created_on',
    'sys_created_by',
    'sys_updated_on',
    'sys_updated_by',
    'sys_mod_count',
  ];
  for (const { element, text } of entries) {
    if (text === '') continue;
    await transaction.run(
      `INSERT INTO ${dialect.name('sys_journal_field')} (${columns.map((column) => dialect.name(column)).join(', ')})` +
        ` VALUES (${columns.map((_, at) => dialect.parameter(at + 1)).join(', ')})`,
      [ids.sysId(), table.name, element, sysId, text, now, caller.userName, now, caller.userName, 0],
    );
  }
};
