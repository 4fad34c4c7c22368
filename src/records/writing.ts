// Writes for callers: may they, what exactly is written, and then apply_change.ts inside the transaction. What may take long (rules
// that ask the network, hashing) happens in `prepare…`, before any transaction.
import type { Sealer } from '../kit/seal.ts';
import type { Store, Transaction } from '../store/store.ts';
import { type AccessParts, mayDoWith, type Read } from './access.ts';
import { type ApplyParts, applyInsert, applyRemove, applyUpdate } from './apply_change.ts';
import type { Caller } from './caller.ts';
import type { Table } from './dictionary.ts';
import { perhapsWritable, requireWritable, writableIn } from './field_grants.ts';
import { isSysId } from './field_types/reference.ts';
import { hashSecrets, requireHashed, sealSecrets } from './keep_secrets.ts';
import { type Located, locate } from './locate.ts';
import { type ReadValues, readValues } from './read_values.ts';
import type { Row, Rule, Values, WriteOptions } from './records.ts';
import { notFound, writeRefused } from './refusals.ts';
import { resolveDisplayValues } from './resolve_display.ts';

export interface WriteParts extends AccessParts, ApplyParts {
  store: Store;
  sealer: Sealer;
  read: Read;
  /** Values that are not among a field's choices are stored. */
  anyChoice: boolean;
}

export interface Planned {
  readonly sysId: string;
  readonly given: ReadValues;
  /** An update leaves who and when as they are. The audit still tells. */
  readonly keepsStamps?: boolean;
}

const emptyRow: Row = Object.freeze(Object.create(null));

export const makeWriting = (parts: WriteParts) => {
  const { dictionary, store, read, ids, sealer, rights, rulesOf } = parts;

  const find = async (table: Table, sysId: string, forUpdate: boolean): Promise<Located> => {
    const located = await locate(table, sysId, { dialect: store.dialect, read, forUpdate });
    if (!located) throw notFound();
    return located;
  };

  const understand = async (caller: Caller, table: Table, values: Values, options: WriteOptions): Promise<Values> =>
    options.valuesAreDisplay
      ? resolveDisplayValues({ dictionary, dialect: store.dialect, read, rights, caller }, table, values)
      : values;

  const readFor = (
    table: Table,
    values: Values,
    options: WriteOptions,
    about: { caller: Caller; granted: ReadonlySet<string>; before?: Row },
  ): ReadValues =>
    readValues(table, values, { ...about, rights, anyChoice: parts.anyChoice, isDisplay: options.valuesAreDisplay ?? false });

  const readNew = (caller: Caller, table: Table, values: Values, options: WriteOptions): ReadValues =>
    readFor(table, values, options, {
      caller,
      granted: perhapsWritable(parts, { caller, table, elements: Object.keys(values) }),
    });

  const readChanged = async (
    caller: Caller,
    table: Table,
    values: Values,
    options: WriteOptions,
    before: Row,
  ): Promise<ReadValues> => {
    const about = { caller, table, elements: Object.keys(values), sysId: before.sys_id ?? '' };
    return readFor(table, values, options, { caller, granted: await writableIn(parts, read, about), before });
  };

  const mayCreate = (caller: Caller, table: Table): void => {
    if (rights.on(caller, table, 'create') === 'none')
      throw writeRefused('insert', `no rule lets ${caller.userName} create ${table.name}`);
  };

  /** A rule with a condition judges the record as it was stored; the transaction undoes one that it refuses. */
  const requireCreatable = async (caller: Caller, table: Table, sysId: string): Promise<void> => {
    if (rights.on(caller, table, 'create') === 'all') return;
    if (!(await mayDoWith(parts, read, { caller, table, sysId, operation: 'create' })))
      throw writeRefused('insert', `no rule lets ${caller.userName} create this record of ${table.name}`);
  };

  const requireRight = async (caller: Caller, table: Table, sysId: string, operation: 'write' | 'delete'): Promise<void> => {
    if (await mayDoWith(parts, read, { caller, table, sysId, operation })) return;
    // Who may not even see the record is not told that it exists.
    if (!(await mayDoWith(parts, read, { caller, table, sysId, operation: 'read' }))) throw notFound();
    throw writeRefused(
      operation === 'write' ? 'update' : 'delete',
      `no rule lets ${caller.userName} ${operation} ${table.name} ${sysId}`,
    );
  };

  const askRules = async (table: Table, proposal: Omit<Parameters<NonNullable<Rule['prepare']>>[0], 'table'>): Promise<void> => {
    for (const rule of rulesOf(table)) if (rule.prepare) await rule.prepare({ ...proposal, table });
  };

  const keepSecrets = async (caller: Caller, table: Table, given: ReadValues): Promise<void> => {
    sealSecrets(table, given.values, caller, sealer);
    await hashSecrets(table, given.values, caller);
  };

  const newSysId = (values: Values): string => {
    const wished = values.sys_id;
    return wished && isSysId(wished) ? wished : ids.sysId();
  };

  // Fields of the table that was asked for; the choices and types are those of what the record is.
  const ownOnly = (table: Table, values: Values): Values =>
    Object.fromEntries(Object.entries(values).filter(([element]) => table.fields.has(element)));

  const planInsert = (caller: Caller, table: Table, values: Values): Planned => {
    const given = readNew(caller, table, values, {});
    sealSecrets(table, given.values, caller, sealer);
    requireHashed(table, given.values);
    return { sysId: newSysId(values), given };
  };

  return {
    planInsert,

    async requireWrite(caller: Caller, table: Table, sysId: string): Promise<void> {
      const { leaf } = await find(table, sysId, false);
      await requireRight(caller, leaf, sysId, 'write');
    },

    async prepareInsert(caller: Caller, table: Table, values: Values, options: WriteOptions): Promise<Planned> {
      mayCreate(caller, table);
      const given = readNew(caller, table, await understand(caller, table, values, options), options);
      await askRules(table, { operation: 'insert', before: emptyRow, values: given.values, caller });
      await keepSecrets(caller, table, given);
      return { sysId: newSysId(values), given };
    },

    async prepareUpdate(caller: Caller, table: Table, sysId: string, values: Values, options: WriteOptions): Promise<Planned> {
      const { leaf, row } = await find(table, sysId, false);
      await requireRight(caller, leaf, sysId, 'write');
      const given = await readChanged(
        caller,
        leaf,
        await understand(caller, leaf, ownOnly(table, values), options),
        options,
        row,
      );
      await askRules(leaf, { operation: 'update', before: row, values: given.values, caller });
      await keepSecrets(caller, leaf, given);
      return { sysId, given, keepsStamps: options.suppressAutoSysField ?? false };
    },

    async insert(transaction: Transaction, caller: Caller, table: Table, planned: Planned): Promise<Row> {
      mayCreate(caller, table);
      const row = await applyInsert(transaction, parts, { caller, table, ...planned });
      await requireCreatable(caller, table, row.sys_id ?? '');
      if (rights.hasFieldConditions) {
        const { values, journals } = planned.given;
        const elements = [...Object.keys(values), ...journals.map(({ element }) => element)];
        await requireWritable(parts, read, { caller, table, elements, sysId: row.sys_id ?? '' });
      }
      return row;
    },

    async update(
      transaction: Transaction,
      caller: Caller,
      table: Table,
      sysId: string,
      { given, keepsStamps }: Planned,
    ): Promise<Row> {
      const { leaf, row } = await find(table, sysId, true);
      await requireRight(caller, leaf, sysId, 'write');
      return applyUpdate(transaction, parts, { caller, table: leaf, before: row, given, keepsStamps });
    },

    /** Planned and written in one transaction, with one look at the record. */
    async updateAtOnce(
      transaction: Transaction,
      caller: Caller,
      table: Table,
      { sysId, values, locked }: { sysId: string; values: Values; locked: Row | undefined },
    ): Promise<Row> {
      const isWhole = locked !== undefined && (locked.sys_class_name || table.name) === table.name;
      const { leaf, row } = isWhole ? { leaf: table, row: locked } : await find(table, sysId, true);
      const given = await readChanged(caller, leaf, ownOnly(table, values), {}, row);
      sealSecrets(leaf, given.values, caller, sealer);
      requireHashed(leaf, given.values);
      await requireRight(caller, leaf, sysId, 'write');
      return applyUpdate(transaction, parts, { caller, table: leaf, before: row, given });
    },

    async remove(transaction: Transaction, caller: Caller, table: Table, sysId: string): Promise<void> {
      const { leaf, row } = await find(table, sysId, true);
      await requireRight(caller, leaf, sysId, 'delete');
      await applyRemove(transaction, parts, { caller, table: leaf, before: row });
    },
  };
};
