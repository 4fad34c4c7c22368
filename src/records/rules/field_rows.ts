// Fields made, changed and removed by writing rows of sys_dictionary: the columns follow in the same transaction. Nothing that a
// column holds is ever read as something else: a field keeps its kind, and so does a column whose field is gone.
import type { Transaction } from '../../store/store.ts';
import { hasRole } from '../caller.ts';
import { fieldTypeOf, isKnownFieldType } from '../field_types/index.ts';
import type { Row, Rule } from '../records.ts';
import { valueRefused, writeRefused } from '../refusals.ts';
import { shapeOf } from '../storage_shape.ts';
import { isSystemField } from '../system_fields.ts';
import { columnKind, count, exists, isBuiltIn, relativesOf, retireColumn, reviveColumn } from './dictionary_shape.ts';
import { requireName } from './names.ts';

/** Both engines hold more; a statement that reads them all must still be one that they take. */
const fieldLimit = 500;
const lengthLimit = 16_777_216;

const isTable = (row: Row): boolean => row.element === '';

/** Whether every value of one type is one of the other. */
const holdsTheSame = (one: string, other: string): boolean => {
  const [from, to] = [fieldTypeOf(one), fieldTypeOf(other)];
  return from === to || (from.columnType === 'text_nocase' && to.columnType === 'text_nocase');
};

const requireKept = async (transaction: Transaction, before: Row, values: Row): Promise<void> => {
  if (!holdsTheSame(before.internal_type ?? '', values.internal_type ?? ''))
    throw valueRefused('Type', 'A field keeps the kind of values it was made for');
  for (const element of ['name', 'element', 'unique']) {
    if (before[element] !== values[element])
      throw valueRefused('Dictionary entry', 'Table, name and uniqueness of a field stay as they were made');
  }
  const isPutOut = before.active === 'true' && values.active !== 'true';
  if (isPutOut && (isSystemField(before.element ?? '') || (await isBuiltIn(transaction, before.sys_id ?? ''))))
    throw valueRefused('Active', 'The program itself needs the field');
};

const requireNew = async (transaction: Transaction, values: Row): Promise<void> => {
  const { name = '', element = '' } = values;
  if (!(await exists(transaction, 'sys_db_object', { name }))) throw valueRefused('Table', 'There is no such table');
  if (values.internal_type === 'collection') {
    if (!isTable(values)) throw valueRefused('Column name', 'The entry of the table itself names no column');
    return;
  }
  requireName('Column name', element);
  const { above, below } = await relativesOf(transaction, name);
  for (const relative of [...above, ...below]) {
    if (await exists(transaction, 'sys_dictionary', { name: relative, element }))
      throw valueRefused('Column name', `Table ${relative} has a field of that name`);
  }
  if ((await count(transaction, 'sys_dictionary', 'name', name)) >= fieldLimit)
    throw valueRefused('Column name', `A table has ${fieldLimit} fields of its own at most`);
};

/** A reference that leads to nothing would make every answer that shows it fail. */
const requireTarget = async (transaction: Transaction, { reference = '', reference_key: key = '' }: Row): Promise<void> => {
  if (reference === '') return;
  if (!(await exists(transaction, 'sys_db_object', { name: reference })))
    throw valueRefused('Reference', 'There is no such table');
  if (key === '' || key === 'sys_id') return;
  const { above } = await relativesOf(transaction, reference);
  for (const name of [reference, ...above]) if (await exists(transaction, 'sys_dictionary', { name, element: key })) return;
  throw valueRefused('Reference key', 'The table has no such field');
};

const requireRemovable = async (transaction: Transaction, row: Row): Promise<void> => {
  if (isTable(row) || isSystemField(row.element ?? '') || (await isBuiltIn(transaction, row.sys_id ?? '')))
    throw valueRefused('Dictionary entry', 'The program itself needs it');
};

/** Closed to callers, and not for the eyes only. */
const isClosed = (row: Row): boolean => row.read_only === 'true' && row.read_only_option !== 'display_read_only';

/** The entry that the program brought for a field of `table`, or of one above it. */
const isOurs = async (transaction: Transaction, { name = '', element = '' }: Row): Promise<boolean> => {
  const { dialect } = transaction;
  const { above } = await relativesOf(transaction, name);
  for (const owner of [name, ...above]) {
    const [entry] = await transaction.read(
      `SELECT sys_id FROM ${dialect.name('sys_dictionary')} WHERE ${dialect.name('name')} = ${dialect.parameter(1)}` +
        ` AND ${dialect.name('element')} = ${dialect.parameter(2)}`,
      [owner, element],
    );
    if (entry) return isBuiltIn(transaction, String(entry[0]));
  }
  return false;
};

/** What the program alone writes, such as whose token it is, decides who may do what. */
const openingRule: Rule = {
  name: 'who opens what the program alone writes',
  tables: ['sys_dictionary', 'sys_dictionary_override'],
  async check(transaction, { table, operation, before, values, caller }) {
    if (operation === 'delete' || hasRole(caller)) return;
    const isOpened =
      table.name === 'sys_dictionary'
        ? isClosed(before) && !isClosed(values)
        : values.read_only_override === 'true' && values.read_only !== 'true';
    if (isOpened && (await isOurs(transaction, values)))
      throw writeRefused(operation, `${caller.userName} is no admin and may not open ${values.name}.${values.element}`);
  },
};

export const fieldRules: readonly Rule[] = [
  openingRule,
  {
    name: 'what a field may be',
    tables: ['sys_dictionary'],
    async check(transaction, { operation, before, values }) {
      if (operation === 'delete') return requireRemovable(transaction, before);
      if (!isKnownFieldType(values.internal_type ?? '')) throw valueRefused('Type', 'There is no such type of field');
      // Each type has its own: a page or a list of sys_ids would not outlive the 40 characters of a name.
      if (!Number(values.max_length)) values.max_length = String(fieldTypeOf(values.internal_type ?? '').maxLength);
      const length = Number(values.max_length);
      if (length < 0 || length > lengthLimit) throw valueRefused('Max length', `It is at most ${lengthLimit}`);
      if (operation === 'insert') await requireNew(transaction, values);
      else await requireKept(transaction, before, values);
      await requireTarget(transaction, values);
    },
    async applied(transaction, { operation, before, after }) {
      if (operation === 'update' || (operation === 'insert' && isTable(after))) return;
      const row = operation === 'delete' ? before : after;
      const { name = '', element = '', internal_type: type = 'string' } = row;
      const kind = columnKind(type, row.unique === 'true');
      if (operation === 'delete') {
        if (kind) await retireColumn(transaction, { table: name, name: element, kind });
        return;
      }
      if (!(await reviveColumn(transaction, { table: name, name: element, kind })))
        throw valueRefused('Type', 'There was a field of that name for another kind of values');
      const field = { element, type, unique: after.unique === 'true' };
      await transaction.define([shapeOf({ name, isRoot: false, fields: [field] })]);
    },
  },
];
