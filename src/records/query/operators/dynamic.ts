// `DYNAMIC<sys_id>`: filters that mean something else for everyone. The two that every instance of the original has are known here.
import type { BoundCondition, Path } from '../bound.ts';
import { resolvePath } from '../resolve.ts';
import type { Operator, Scope } from './operator.ts';

const me = (path: Path, scope: Scope): BoundCondition => ({
  kind: 'equals',
  path,
  values: [scope.asker().userSysId],
  isNegated: false,
});

const myGroups = (path: Path, scope: Scope): BoundCondition | undefined => {
  const table = scope.dictionary.table('sys_user_grmember');
  const group = table && resolvePath(scope.dictionary, table, 'group');
  const user = table && resolvePath(scope.dictionary, table, 'user');
  return table && group && user && { kind: 'within', path, table, field: group, condition: me(user, scope), isNegated: false };
};

const filters: ReadonlyMap<string, (path: Path, scope: Scope) => BoundCondition | undefined> = new Map([
  ['90d1921e5f510100a9ad2572f2b477fe', me],
  ['d6435e965f510100a9ad2572f2b47744', myGroups],
]);

export const dynamic: Operator = {
  tokens: ['DYNAMIC'],
  bind: ({ path, value }, scope) => filters.get(value.toLowerCase())?.(path, scope),
};
