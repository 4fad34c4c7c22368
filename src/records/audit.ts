// sys_audit: one row per changed field, written with the change. Secrets are named, never quoted.
import type { Ids } from '../kit/ids.ts';
import type { Dialect, Value } from '../store/store.ts';
import { fieldTypeOf } from './field_types/index.ts';
import { secretMask } from './field_types/secret.ts';
import { insertsInto } from './many_rows.ts';
import type { Change } from './records.ts';
import type { Statement } from './statements.ts';
import { isSystemField } from './system_fields.ts';

const inserts = insertsInto('sys_audit', [
  'sys_id',
  'tablename',
  'documentkey',
  'fieldname',
  'oldvalue',
  'newvalue',
  'user',
  'record_checkpoint',
  'sys_created_on',
  'sys_created_by',
  'sys_updated_on',
  'sys_updated_by',
  'sys_mod_count',
]);

interface Entry {
  field: string;
  before: string;
  after: string;
}

const shown = (change: Change, element: string, text: string | undefined): string => {
  const field = change.table.fields.get(element);
  return text && field && fieldTypeOf(field.type).secret ? secretMask : (text ?? '');
};

const entriesOf = (change: Change): Entry[] => {
  if (change.operation === 'insert') return [{ field: 'INSERT_RECORD', before: '', after: '' }];
  if (change.operation === 'delete') return [{ field: 'DELETED', before: '', after: 'DELETED' }];
  return [
    ...change.changed
      .filter((element) => !isSystemField(element))
      .map((element) => ({
        field: element,
        before: shown(change, element, change.before[element]),
        after: shown(change, element, change.after[element]),
      })),
    ...change.journals.map(({ element, text }) => ({ field: element, before: '', after: text })),
  ];
};

const rowsOf = (change: Change, { ids, now }: { ids: Ids; now: string }): Value[][] => {
  const user = change.caller.userName;
  const checkpoint = Number((change.operation === 'delete' ? change.before : change.after).sys_mod_count ?? 0);
  return entriesOf(change).map((entry) => {
    const texts = [change.table.name, change.sysId, entry.field, entry.before || null, entry.after || null, user];
    return [ids.sysId(), ...texts, checkpoint, now, user, now, user, 0];
  });
};

/** Of the tables that are audited. */
export const auditStatements = (
  dialect: Dialect,
  changes: readonly Change[],
  parts: { ids: Ids; now: string },
): Iterable<Statement> =>
  inserts(
    dialect,
    changes.flatMap((change) => (change.table.isAudited ? rowsOf(change, parts) : [])),
  );
