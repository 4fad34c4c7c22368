// The part of a write that happens inside the transaction: defaults, number, rules, row, journals, audit. Values come in stored form;
// rights were decided before.
import { type Clock, wireMoment } from '../kit/clock.ts';
import type { Ids } from '../kit/ids.ts';
import type { Transaction } from '../store/store.ts';
import { auditStatements } from './audit.ts';
import type { Caller } from './caller.ts';
import { defaultValue } from './default_values.ts';
import type { Dictionary, Table } from './dictionary.ts';
import type { Gather } from './gather.ts';
import { journalStatements } from './journals.ts';
import type { Numbers } from './numbering.ts';
import type { ReadValues } from './read_values.ts';
import type { Change, Row, Rule } from './records.ts';
import { referrersOf } from './referrers.ts';
import { mandatoryMissing } from './refusals.ts';
import { deleteRow, insertStatements, updateStatements } from './row_storage.ts';
import { runAll, type Statement, sendAll } from './statements.ts';
import { isSystemField } from './system_fields.ts';
import { watched } from './watched.ts';

export interface ApplyParts {
  clock: Clock;
  ids: Ids;
  numbers: Numbers;
  dictionary: Dictionary;
  /** Read at each change: instance.ts fills the list after the rooms are made. */
  rulesOf: (table: Table) => readonly Rule[];
  /** Told when a rule wrote something by itself after a row was written. */
  ruleWrote?: (() => void) | undefined;
  /** Where changes are gathered before they are written. */
  gather?: Gather | undefined;
}

const rulesFor = ({ rulesOf, gather }: Pick<ApplyParts, 'rulesOf' | 'gather'>, table: Table): readonly Rule[] =>
  gather?.rulesOf(table) ?? rulesOf(table);

const emptyRow: Row = Object.freeze(Object.create(null));

const copyOf = (row: Row): Record<string, string> => Object.assign(Object.create(null), row);

const requireMandatory = (table: Table, row: Row, elements: Iterable<string>): void => {
  const missing = [...elements].flatMap((element) => {
    const field = table.fields.get(element);
    return field?.mandatory && field.column !== '' && row[element] === '' ? [field.label] : [];
  });
  if (missing.length > 0) throw mandatoryMissing(missing);
};

/** What tells of a change beside its row. */
const traces = (transaction: Transaction, { ids }: ApplyParts, change: Change, now: string): readonly Statement[] => [
  ...journalStatements(transaction.dialect, change, { ids, now }),
  ...auditStatements(transaction.dialect, [change], { ids, now }),
];

const askRules = async (transaction: Transaction, parts: ApplyParts, change: Change): Promise<void> => {
  const { transaction: own, hasWritten } = watched(transaction);
  for (const rule of rulesFor(parts, change.table)) if (rule.applied) await rule.applied(own, change);
  if (hasWritten()) parts.ruleWrote?.();
};

/** `rows` and what tells of the change go out without waiting: on PostgreSQL that is one way for all, the commit too where no rule asks. */
const write = async (
  transaction: Transaction,
  parts: ApplyParts,
  { rows, change, now }: { rows: readonly Statement[]; change: Change; now: string },
): Promise<void> => {
  sendAll(transaction, rows);
  sendAll(transaction, traces(transaction, parts, change, now));
  await askRules(transaction, parts, change);
};

const check = async (
  transaction: Transaction,
  parts: ApplyParts,
  proposal: Parameters<NonNullable<Rule['check']>>[1],
): Promise<void> => {
  for (const rule of rulesFor(parts, proposal.table)) if (rule.check) await rule.check(transaction, proposal);
};

export const applyInsert = async (
  transaction: Transaction,
  parts: ApplyParts,
  { caller, table, sysId, given }: { caller: Caller; table: Table; sysId: string; given: ReadValues },
): Promise<Row> => {
  const nowMs = parts.clock.now();
  const now = wireMoment(nowMs);
  const row: Record<string, string> = Object.create(null);
  for (const field of table.fields.values()) {
    if (field.column !== '' && !isSystemField(field.element))
      row[field.element] = given.values[field.element] ?? defaultValue(field, { caller, nowMs });
  }
  const system: Record<string, string> = {
    sys_id: sysId,
    sys_created_on: now,
    sys_created_by: caller.userName,
    sys_updated_on: now,
    sys_updated_by: caller.userName,
    sys_mod_count: '0',
    sys_class_name: table.name,
  };
  for (const [element, value] of Object.entries(system)) if (table.fields.has(element)) row[element] = value;
  if (row.number === '') row.number = await parts.numbers.next(transaction, table);
  await check(transaction, parts, { table, operation: 'insert', before: emptyRow, values: row, caller });
  requireMandatory(table, row, table.fields.keys());
  const changed = Object.keys(row).filter((element) => row[element] !== '' && !isSystemField(element));
  const change: Change = {
    table,
    sysId,
    operation: 'insert',
    before: emptyRow,
    after: row,
    changed,
    journals: given.journals,
    caller,
  };
  if (parts.gather) await parts.gather.add({ change, written: [], now });
  else await write(transaction, parts, { rows: insertStatements(transaction.dialect, table, row), change, now });
  return row;
};

/** `before` was read in this transaction, for update. A change that changes nothing writes nothing. */
export const applyUpdate = async (
  transaction: Transaction,
  parts: ApplyParts,
  {
    caller,
    table,
    before,
    given,
    keepsStamps = false,
  }: { caller: Caller; table: Table; before: Row; given: ReadValues; keepsStamps?: boolean | undefined },
): Promise<Row> => {
  const now = wireMoment(parts.clock.now());
  const sysId = before.sys_id ?? '';
  const row = Object.assign(copyOf(before), given.values);
  const isChanged = (element: string): boolean => row[element] !== before[element];
  const hasNews = (): boolean => given.journals.length > 0 || Object.keys(row).some(isChanged);
  if (!hasNews()) return before;
  await check(transaction, parts, { table, operation: 'update', before, values: row, caller });
  const changed = Object.keys(row).filter((element) => isChanged(element) && !isSystemField(element));
  if (changed.length === 0 && given.journals.length === 0) return before;
  requireMandatory(table, row, changed);
  const stamps = {
    sys_updated_on: now,
    sys_updated_by: caller.userName,
    sys_mod_count: String(Number(before.sys_mod_count || 0) + 1),
  };
  if (!keepsStamps) Object.assign(row, stamps);
  const written = keepsStamps ? changed : [...changed, ...Object.keys(stamps)];
  const change: Change = {
    table,
    sysId,
    operation: 'update',
    before,
    after: row,
    changed,
    journals: given.journals,
    caller,
  };
  if (parts.gather) await parts.gather.add({ change, written, now });
  else {
    const rows = updateStatements(transaction.dialect, table, { sysId, elements: written, row });
    await write(transaction, parts, { rows, change, now });
  }
  return row;
};

/** What refers to a record lets go of it, or goes with it. */
const releaseReferrers = async (
  transaction: Transaction,
  parts: ApplyParts,
  { caller, table, sysId }: { caller: Caller; table: Table; sysId: string },
): Promise<void> => {
  for await (const { leaf, row, isDoomed, cleared } of referrersOf(transaction, parts.dictionary, table, sysId)) {
    const values = Object.fromEntries(cleared.map((element) => [element, '']));
    if (isDoomed) await applyRemove(transaction, parts, { caller, table: leaf, before: row });
    else await applyUpdate(transaction, parts, { caller, table: leaf, before: row, given: { values, journals: [] } });
  }
};

export const applyRemove = async (
  transaction: Transaction,
  parts: ApplyParts,
  { caller, table, before }: { caller: Caller; table: Table; before: Row },
): Promise<void> => {
  const sysId = before.sys_id ?? '';
  await check(transaction, parts, { table, operation: 'delete', before, values: copyOf(before), caller });
  // First itself: of records that go with each other in a circle, none is met twice.
  await deleteRow(transaction, table, sysId);
  await releaseReferrers(transaction, parts, { caller, table, sysId });
  const what = { operation: 'delete', before, after: emptyRow, changed: [], journals: [] } as const;
  const now = wireMoment(parts.clock.now());
  const change: Change = { table, sysId, ...what, caller };
  // Waited for: a transaction that gathers changes has to write those first.
  await runAll(transaction, traces(transaction, parts, change, now));
  await askRules(transaction, parts, change);
};
