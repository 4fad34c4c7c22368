// Nobody gives himself or others more than he may: guarded roles are given and taken by admins only, on every road that leads to one.
import { type Caller, hasRole } from '../caller.ts';
import type { Row, Rule } from '../records.ts';
import { writeRefused } from '../refusals.ts';
import { groupIsGuarded, guardedRoles } from './guarded_roles.ts';

type Operation = 'insert' | 'update' | 'delete';

const refuse = (operation: Operation, caller: Caller, what: string): never => {
  throw writeRefused(operation, `${caller.userName} is no admin and may not ${what}`);
};

const bothOf = (before: Row, values: Row, element: string): string[] =>
  [before[element] ?? '', values[element] ?? ''].filter((value) => value !== '');

export const roleGrantRules: readonly Rule[] = [
  {
    name: 'giving roles to users and groups',
    tables: ['sys_user_has_role', 'sys_group_has_role'],
    async check(transaction, { operation, before, values, caller }) {
      if (hasRole(caller)) return;
      const guarded = await guardedRoles(transaction);
      if (bothOf(before, values, 'role').some((role) => guarded.has(role)))
        refuse(operation, caller, 'give or take a guarded role');
    },
  },
  {
    name: 'members of groups that hold guarded roles',
    tables: ['sys_user_grmember'],
    async check(transaction, { operation, before, values, caller }) {
      if (hasRole(caller)) return;
      for (const group of bothOf(before, values, 'group')) {
        if (await groupIsGuarded(transaction, group))
          refuse(operation, caller, 'change the members of a group that holds a guarded role');
      }
    },
  },
  {
    name: 'groups under groups that hold guarded roles',
    tables: ['sys_user_group'],
    async check(transaction, { operation, before, values, caller }) {
      if (hasRole(caller) || (operation !== 'delete' && values.parent === (before.parent ?? ''))) return;
      for (const group of [...bothOf(before, values, 'parent'), ...(operation === 'delete' ? [before.sys_id ?? ''] : [])]) {
        if (await groupIsGuarded(transaction, group))
          refuse(operation, caller, 'move a group below one that holds a guarded role');
      }
    },
  },
];
