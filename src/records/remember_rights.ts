// Rights that remember what they decided: who calls is the same object from one call to the next (identity/users.ts), and neither its roles nor
// the rules change under it. It must not decide anything, nor outlive the rules that it was made from.
import type { Caller } from './caller.ts';
import type { Table } from './dictionary.ts';
import type { Access, Operation, Rights } from './rights.ts';

interface OnTable {
  readonly access: Partial<Record<Operation, Access>>;
  /** By element: as many as the table has fields. */
  readonly fields: Readonly<Record<'read' | 'write', Map<string, boolean>>>;
}

interface Decided {
  readonly key: string;
  readonly tables: WeakMap<Table, OnTable>;
}

/** The same answers. */
export const rememberRights = (rights: Rights): Rights => {
  const decided = new WeakMap<Caller, Decided>();

  const decidedFor = (caller: Caller): Decided => {
    const known = decided.get(caller);
    if (known) return known;
    const made = { key: rights.keyOf(caller), tables: new WeakMap<Table, OnTable>() };
    decided.set(caller, made);
    return made;
  };

  const onTable = (caller: Caller, table: Table): OnTable => {
    const { tables } = decidedFor(caller);
    const known = tables.get(table);
    if (known) return known;
    const made: OnTable = { access: {}, fields: { read: new Map(), write: new Map() } };
    tables.set(table, made);
    return made;
  };

  return {
    ...rights,
    keyOf: (caller) => decidedFor(caller).key,
    on(caller, table, operation) {
      const { access } = onTable(caller, table);
      access[operation] ??= rights.on(caller, table, operation);
      return access[operation];
    },
    mayField(caller, table, field, operation) {
      const fields = onTable(caller, table).fields[operation];
      const known = fields.get(field.element);
      if (known !== undefined) return known;
      const may = rights.mayField(caller, table, field, operation);
      fields.set(field.element, may);
      return may;
    },
  };
};
