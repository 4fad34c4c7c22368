// Transforms act as the system. So whatever makes them able to do more than their author may do is written by admins only: scripts, and
// maps into the tables that decide who may do what.
import { type Caller, hasRole } from '../../records/caller.ts';
import type { Rule } from '../../records/records.ts';
import { writeRefused } from '../../records/refusals.ts';
import { relativesOf } from '../../records/rules/dictionary_shape.ts';
import type { Transaction } from '../../store/store.ts';

const isAdmin = (caller: Caller): boolean => hasRole(caller);

const guardedName = /^(?:sys_|sys$|oauth_|oidc_|jwt_|sn_|ih_|api_|auth|basic_auth|std_|inbound_|http_|causeway_|import_)/;

/** Tables of the instance itself, and those that extend one, as opposed to tables of its users' work. */
const isGuarded = async (transaction: Transaction, table: string): Promise<boolean> => {
  const name = table.toLowerCase();
  const { above } = await relativesOf(transaction, name);
  return guardedName.test(name) || above.some((each) => guardedName.test(each) && each !== 'sys_import_set_row');
};

const hasText = (text: string | undefined): boolean => (text ?? '').trim() !== '';

export const mapAuthorRules: readonly Rule[] = [
  {
    name: 'who writes transform maps that act for the system',
    tables: ['sys_transform_map'],
    async check(transaction, { operation, before, values, caller }) {
      if (isAdmin(caller) || operation === 'delete') return;
      for (const target of [values.target_table ?? '', before.target_table ?? ''])
        if (await isGuarded(transaction, target))
          throw writeRefused(operation, `${caller.userName} is no admin and may not map into ${values.target_table}`);
      if (hasText(values.script) && values.script !== before.script)
        throw writeRefused(operation, `${caller.userName} is no admin and may not write transform scripts`);
      if (values.run_script === 'true' && before.run_script !== 'true' && hasText(values.script))
        throw writeRefused(operation, `${caller.userName} is no admin and may not switch transform scripts on`);
    },
  },
  {
    name: 'who writes fields of transform maps',
    tables: ['sys_transform_entry'],
    async check(transaction, { operation, before, values, caller }) {
      if (isAdmin(caller)) return;
      if (operation !== 'delete' && hasText(values.source_script) && values.source_script !== before.source_script)
        throw writeRefused(operation, `${caller.userName} is no admin and may not write source scripts`);
      const { dialect } = transaction;
      for (const map of new Set([before.map ?? '', values.map ?? '']).difference(new Set(['']))) {
        const [row] = await transaction.read(
          `SELECT ${dialect.name('target_table')} FROM ${dialect.name('sys_transform_map')} WHERE sys_id = ${dialect.parameter(1)}`,
          [map],
        );
        if (row && (await isGuarded(transaction, String(row[0] ?? ''))))
          throw writeRefused(operation, `${caller.userName} is no admin and may not change a map into ${row[0]}`);
      }
    },
  },
  {
    name: 'who writes transform scripts',
    tables: ['sys_transform_script'],
    async check(_transaction, { operation, caller }) {
      if (!isAdmin(caller)) throw writeRefused(operation, `${caller.userName} is no admin and may not change transform scripts`);
    },
  },
];
