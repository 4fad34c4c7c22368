// Who may do what, decided from access rules: the table first, then the field, the most specific name first. Pure: rules in, answers
// out. load_rights.ts reads the rules from rows.
import type { Caller } from './caller.ts';
import type { Field, Table } from './dictionary.ts';

export type Operation = 'read' | 'create' | 'write' | 'delete';

export interface AccessRule {
  /** `incident`, `incident.*`, `incident.state`, `*`. */
  readonly name: string;
  readonly operation: Operation;
  /** Names of roles of which one is enough; empty: everyone. */
  readonly roles: readonly string[];
  /** Encoded query: the rule grants only rows that match. '' grants all. */
  readonly condition: string;
  /** Admin passes without looking further, but never a rule for nobody. */
  readonly adminOverrides: boolean;
}

/** What a caller may do with a table: nothing, everything, or the rows that one of these encoded queries matches. */
export type Access = 'none' | 'all' | { readonly anyOf: readonly string[] };

export interface Rights {
  on(caller: Caller, table: Table, operation: Operation): Access;
  /** Fields only; whether the table may be touched at all is `on`. */
  mayField(caller: Caller, table: Table, field: Field, operation: 'read' | 'write'): boolean;
  /** Equal for callers of equal rights, as far as they do not depend on rows. */
  keyOf(caller: Caller): string;
}

const mayPass = (caller: Caller, rule: AccessRule): boolean => {
  if (caller.isSystem) return true;
  if (rule.roles.includes('nobody')) return false;
  if (rule.adminOverrides && caller.roles.has('admin')) return true;
  return rule.roles.length === 0 || rule.roles.some((role) => caller.roles.has(role));
};

const decide = (caller: Caller, rules: readonly AccessRule[]): Access => {
  const passed = rules.filter((rule) => mayPass(caller, rule));
  if (passed.length === 0) return 'none';
  const isFree = (rule: AccessRule): boolean => rule.condition === '' || (rule.adminOverrides && caller.roles.has('admin'));
  return passed.some(isFree) ? 'all' : { anyOf: passed.map((rule) => rule.condition) };
};

export const makeRights = (rules: readonly AccessRule[], version: number): Rights => {
  const byName = new Map<string, AccessRule[]>();
  for (const rule of rules) {
    const key = `${rule.operation} ${rule.name}`;
    byName.set(key, [...(byName.get(key) ?? []), rule]);
  }

  // From the leaf upwards: a table with a rule of its own is not judged by its parent's.
  const tableRules = (table: Table, operation: Operation): readonly AccessRule[] | undefined => {
    for (const level of table.chain.toReversed()) {
      const found = byName.get(`${operation} ${level.name}`);
      if (found) return found;
    }
    return byName.get(`${operation} *`);
  };

  const fieldRules = (table: Table, element: string, operation: Operation): readonly AccessRule[] | undefined => {
    const levels = table.chain.toReversed();
    for (const level of levels) {
      const found = byName.get(`${operation} ${level.name}.${element}`);
      if (found) return found;
    }
    for (const level of levels) {
      const found = byName.get(`${operation} ${level.name}.*`);
      if (found) return found;
    }
    return byName.get(`${operation} *.${element}`);
  };

  return {
    on(caller, table, operation) {
      if (caller.isSystem) return 'all';
      const found = tableRules(table, operation);
      // No rule at all: admin only.
      if (!found) return caller.roles.has('admin') ? 'all' : 'none';
      return decide(caller, found);
    },
    mayField(caller, table, field, operation) {
      if (caller.isSystem) return true;
      const found = fieldRules(table, field.element, operation);
      // A field rule with a condition cannot be judged without the row: it does not grant.
      return !found || decide(caller, found) === 'all';
    },
    keyOf: (caller) => `${version} ${caller.isSystem ? 'system' : [...caller.roles].sort().join(',')}`,
  };
};
