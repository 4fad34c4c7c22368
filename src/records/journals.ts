// Entries of journal fields: rows of sys_journal_field beside the record. Must not change an entry once written.
import type { Ids } from '../kit/ids.ts';
import type { Dialect } from '../store/store.ts';
import { insertsInto } from './many_rows.ts';
import type { Change } from './records.ts';
import type { Statement } from './statements.ts';

const inserts = insertsInto('sys_journal_field', [
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
]);

export const journalStatements = (
  dialect: Dialect,
  { caller, table, sysId, journals }: Change,
  { ids, now }: { ids: Ids; now: string },
): Iterable<Statement> => {
  const user = caller.userName;
  const entries = journals.filter(({ text }) => text !== '');
  return inserts(
    dialect,
    entries.map(({ element, text }) => [ids.sysId(), table.name, element, sysId, text, now, user, now, user, 0]),
  );
};
