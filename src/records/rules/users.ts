// What a user record does by itself, and who may change what decides about signing in.
import type { Transaction } from '../../store/store.ts';
import { hasRole } from '../caller.ts';
import type { Rule } from '../records.ts';
import { valueRefused, writeRefused } from '../refusals.ts';
import { userNameKey } from '../user_name_key.ts';
import { holdsGuardedRole } from './guarded_roles.ts';

/** Whoever may set one of these can become that user. */
const decisive = [
  'user_name',
  'user_password',
  'email',
  'active',
  'locked_out',
  'failed_attempts',
  'password_needs_reset',
  'source',
  'employee_number',
  'correlation_id',
] as const;

/** Columns by which tokens of providers find their user: whoever may set one decides whose token it is. */
const identifying = async (transaction: Transaction): Promise<string[]> => {
  const { name } = transaction.dialect;
  const rows = await transaction.read(`SELECT ${name('user_field')} FROM ${name('oidc_provider_configuration')}`);
  return rows.map(([element]) => String(element));
};

const guardUser = async (
  transaction: Transaction,
  userSysId: string,
  changed: readonly string[],
  isDelete: boolean,
): Promise<boolean> => {
  const elements = new Set<string>([...decisive, ...(await identifying(transaction))]);
  return (isDelete || changed.some((element) => elements.has(element))) && holdsGuardedRole(transaction, userSysId);
};

const hasNameKey = async (transaction: Transaction, key: string): Promise<boolean> => {
  const sql = `SELECT 1 FROM sys_user WHERE user_name_key = ${transaction.dialect.parameter(1)}`;
  return (await transaction.read(sql, [key])).length > 0;
};

export const userRules: readonly Rule[] = [
  {
    name: 'name of a user',
    tables: ['sys_user'],
    async check(_transaction, { operation, values }) {
      if (operation === 'delete') return;
      const parts = [values.first_name, values.middle_name, values.last_name].filter((part) => part);
      values.name = parts.length > 0 ? parts.join(' ') : (values.user_name ?? '');
    },
  },
  {
    name: 'user names that read alike',
    tables: ['sys_user'],
    async check(transaction, { operation, before, values }) {
      const { user_name: userName = '' } = values;
      if (operation === 'delete' || (operation === 'update' && userName === before.user_name)) return;
      const key = userNameKey(userName);
      if (key === '' && userName !== '') throw valueRefused('User ID', 'Nobody could read it');
      // Plain names leave it to the unique key; of others it is worth saying why.
      if (key !== userName.toLowerCase() && key !== before.user_name_key && (await hasNameKey(transaction, key)))
        throw valueRefused('User ID', 'It reads like that of another user');
      values.user_name_key = key;
    },
  },
  {
    name: 'time zone of a user',
    tables: ['sys_user'],
    async check(_transaction, { operation, before, values }) {
      const zone = values.time_zone;
      if (operation === 'delete' || !zone || zone === before.time_zone) return;
      if (!isZone(zone)) throw valueRefused('Time zone', 'It is not the name of a time zone, such as Europe/Berlin');
    },
  },
  {
    name: 'users who hold guarded roles',
    tables: ['sys_user'],
    async check(transaction, { operation, before, values, caller }) {
      if (operation === 'insert' || hasRole(caller)) return;
      const changed = Object.keys(values).filter((element) => values[element] !== before[element]);
      if (!(await guardUser(transaction, before.sys_id ?? '', changed, operation === 'delete'))) return;
      throw writeRefused(operation, `only an admin may change how user ${before.sys_id} signs in: he holds a guarded role`);
    },
  },
];

function isZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}
