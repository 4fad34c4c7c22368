// Who may do what, decided from access rules: the table first, then the field, the most specific name first. Rules that deny hold on
// every level and are asked before those that allow. Pure: rules in, answers out. load_rights.ts reads the rules from rows.
import { keptFor } from '../kit/kept_for.ts';
import type { Caller } from './caller.ts';
import type { Field, Table } from './dictionary.ts';

export type Operation = 'read' | 'create' | 'write' | 'delete';

/** How a query asks about a field: for this very value, or for a range, a pattern, an order, by which values can be guessed. */
export type QueryKind = 'match' | 'range';

export interface AccessRule {
  /** `incident`, `incident.*`, `incident.state`, `*`. */
  readonly name: string;
  readonly operation: Operation | `query_${QueryKind}`;
  /** Names of roles of which one is enough, `public` for everyone; empty: everyone who is signed in. */
  readonly roles: readonly string[];
  /** Encoded query: the rule grants only rows that match. '' grants all. */
  readonly condition: string;
  /** Admin passes without looking further, but never a rule for nobody. */
  readonly adminOverrides: boolean;
  /** "Deny unless": who does not pass is refused, whatever other rules allow; who passes is not therefore allowed. */
  readonly denies: boolean;
  /** It has a script, which nobody runs here: passed by an admin it gives way to, and by no one else. */
  readonly isUndecidable: boolean;
}

/** What a caller may do with a table: nothing, everything, or the rows that one of `anyOf` and each of `also` matches (encoded queries). */
export type Access = 'none' | 'all' | { readonly anyOf: readonly string[]; readonly also: readonly string[] };

export interface Rights {
  on(caller: Caller, table: Table, operation: Operation): Access;
  /** Fields only; whether the table may be touched at all is `on`. True where every row may be. */
  mayField(caller: Caller, table: Table, field: Field, operation: 'read' | 'write'): boolean;
  /** The same, with the rows in which the field may be read or written. */
  onField(caller: Caller, table: Table, field: Field, operation: 'read' | 'write'): Access;
  /** Some rule for fields has a condition; else `onField` says nothing that `mayField` does not. */
  readonly hasFieldConditions: boolean;
  /** Whether a field that may be read may be asked about in this way. Where no rule speaks of it, it may. */
  mayQuery(caller: Caller, table: Table, field: Field, kind: QueryKind): boolean;
  /** Classes below `table` that rules for rows, or for fields, speak of, or that stand below such a one. */
  ruledBelow(table: Table, about: 'rows' | 'fields'): readonly Table[];
  /** Equal for callers of equal rights, as far as they do not depend on rows. */
  keyOf(caller: Caller): string;
}

const overrides = (caller: Caller, rule: AccessRule): boolean => rule.adminOverrides && caller.roles.has('admin');

const mayPass = (caller: Caller, rule: AccessRule): boolean => {
  if (rule.roles.includes('nobody')) return false;
  if (overrides(caller, rule)) return true;
  if (rule.isUndecidable) return false;
  if (rule.roles.length === 0) return caller.isGuest !== true;
  return rule.roles.some((role) => role === 'public' || caller.roles.has(role));
};

const conditionFor = (caller: Caller, rule: AccessRule): string => (overrides(caller, rule) ? '' : rule.condition);

/** `allowing` undefined: no rule speaks of it. */
const decide = (
  caller: Caller,
  {
    allowing,
    denying,
    otherwise,
  }: { allowing: readonly AccessRule[] | undefined; denying: readonly AccessRule[]; otherwise: boolean },
): Access => {
  if (denying.some((rule) => !mayPass(caller, rule))) return 'none';
  const also = denying.map((rule) => conditionFor(caller, rule)).filter((condition) => condition !== '');
  const anyOf =
    allowing?.filter((rule) => mayPass(caller, rule)).map((rule) => conditionFor(caller, rule)) ?? (otherwise ? [''] : []);
  if (anyOf.length === 0) return 'none';
  if (!anyOf.includes('')) return { anyOf, also };
  return also.length === 0 ? 'all' : { anyOf: [''], also };
};

export const makeRights = (rules: readonly AccessRule[], version: number): Rights => {
  const allowing = new Map<string, AccessRule[]>();
  const denying = new Map<string, AccessRule[]>();
  for (const rule of rules) {
    const into = rule.denies ? denying : allowing;
    const key = `${rule.operation} ${rule.name}`;
    into.set(key, [...(into.get(key) ?? []), rule]);
  }

  // From the leaf upwards, the most special name first: a table with a rule of its own is not judged by its parent's.
  const tableNames = (table: Table): string[] => [...table.chain.toReversed().map((level) => level.name), '*'];

  const fieldNames = (table: Table, element: string): string[] => {
    const levels = table.chain.toReversed();
    return [
      ...levels.map((level) => `${level.name}.${element}`),
      ...levels.map((level) => `${level.name}.*`),
      `*.${element}`,
      '*.*',
    ];
  };

  const judge = (caller: Caller, operation: AccessRule['operation'], names: readonly string[], otherwise: boolean): Access => {
    const speaking = names.find((name) => allowing.has(`${operation} ${name}`));
    return decide(caller, {
      allowing: speaking === undefined ? undefined : allowing.get(`${operation} ${speaking}`),
      denying: denying.size === 0 ? [] : names.flatMap((name) => denying.get(`${operation} ${name}`) ?? []),
      otherwise,
    });
  };

  const onField: Rights['onField'] = (caller, table, field, operation) =>
    caller.isSystem ? 'all' : judge(caller, operation, fieldNames(table, field.element), true);
  const reading = rules.filter(({ operation }) => operation === 'read').map(({ name }) => name.split('.'));
  const ruled = {
    rows: new Set(reading.filter(([, element]) => element === undefined).map(([name = '']) => name)),
    fields: new Set(reading.filter(([, element]) => element !== undefined).map(([name = '']) => name)),
  };
  const ruledBelow = (about: keyof typeof ruled) =>
    keptFor((table: Table): readonly Table[] =>
      table.descendants.filter(({ chain }) => chain.slice(table.chain.length).some(({ name }) => ruled[about].has(name))),
    );
  const below = { rows: ruledBelow('rows'), fields: ruledBelow('fields') };
  const asksOfQueries = rules.some(({ operation }) => operation.startsWith('query_'));

  return {
    on(caller, table, operation) {
      if (caller.isSystem) return 'all';
      // No rule at all: admin only.
      return judge(caller, operation, tableNames(table), caller.roles.has('admin'));
    },
    onField,
    mayField: (caller, table, field, operation) => onField(caller, table, field, operation) === 'all',
    ruledBelow: (table, about) => below[about](table),
    hasFieldConditions: rules.some(({ name, condition }) => condition !== '' && name.includes('.')),
    mayQuery(caller, table, field, kind) {
      if (caller.isSystem || !asksOfQueries) return true;
      // A query looks at rows it does not answer, so a rule that holds for some of them only does not let it.
      const may = (names: readonly string[]): boolean => judge(caller, `query_${kind}`, names, true) === 'all';
      return may(tableNames(table)) && may(fieldNames(table, field.element));
    },
    keyOf: (caller) =>
      `${version} ${caller.isSystem ? 'system' : JSON.stringify([...caller.roles].sort())}${caller.isGuest ? ' guest' : ''}`,
  };
};
