// Tables made and removed by writing rows of sys_db_object: the real tables follow in the same transaction. Nothing is dropped: a
// table goes when it holds no record, and what it was made of stays behind, empty.
import type { Transaction } from '../../store/store.ts';
import type { Row, Rule } from '../records.ts';
import { valueRefused } from '../refusals.ts';
import { shapeOf } from '../storage_shape.ts';
import { systemFieldsOf } from '../system_fields.ts';
import { columnKind, count, exists, isBuiltIn, retireColumn, reviveColumn } from './dictionary_shape.ts';
import { requireName } from './names.ts';
import { writeFieldRows } from './system_field_rows.ts';

const tableLimit = 5000;

const requireRemovable = async (transaction: Transaction, table: Row): Promise<void> => {
  const { sys_id: sysId = '', name = '' } = table;
  if (await isBuiltIn(transaction, sysId)) throw valueRefused('Table', 'The program itself needs it');
  if (await exists(transaction, 'sys_db_object', { super_class: sysId })) throw valueRefused('Table', 'Other tables extend it');
  if (await exists(transaction, name, {})) throw valueRefused('Table', 'It still holds records');
};

const requireParent = async (transaction: Transaction, parentSysId: string): Promise<void> => {
  const { dialect } = transaction;
  const [parent] = await transaction.read(
    `SELECT ${dialect.name('is_extendable')} FROM ${dialect.name('sys_db_object')} WHERE sys_id = ${dialect.parameter(1)}`,
    [parentSysId],
  );
  if (!parent) throw valueRefused('Extends table', 'There is no such table');
  if (parent[0] !== 1) throw valueRefused('Extends table', 'The table is not extensible');
};

/** A root that becomes extensible says from now on of each record which class it is. */
const nameClasses = async (transaction: Transaction, table: Row, userName: string): Promise<void> => {
  const name = table.name ?? '';
  if (await exists(transaction, 'sys_dictionary', { name, element: 'sys_class_name' })) return;
  const fields = systemFieldsOf(true);
  await transaction.define([shapeOf({ name, isRoot: true, fields })]);
  await writeFieldRows(transaction, table, fields, userName);
  const { dialect } = transaction;
  await transaction.run(`UPDATE ${dialect.name(name)} SET ${dialect.name('sys_class_name')} = ${dialect.parameter(1)}`, [name]);
};

const forget = async (transaction: Transaction, table: Row): Promise<void> => {
  const { dialect } = transaction;
  const name = table.name ?? '';
  const fields = await transaction.read(
    `SELECT ${['element', 'internal_type', 'unique'].map(dialect.name).join(', ')} FROM ${dialect.name('sys_dictionary')} WHERE ${dialect.name('name')} = ${dialect.parameter(1)}`,
    [name],
  );
  for (const [element, type, unique] of fields) {
    const kind = columnKind(String(type ?? ''), unique === 1);
    if (element && element !== 'sys_id' && kind) await retireColumn(transaction, { table: name, name: String(element), kind });
  }
  for (const about of ['sys_dictionary', 'sys_dictionary_override', 'sys_choice', 'sys_documentation']) {
    await transaction.run(`DELETE FROM ${dialect.name(about)} WHERE ${dialect.name('name')} = ${dialect.parameter(1)}`, [name]);
  }
};

export const tableRules: readonly Rule[] = [
  {
    name: 'what a table may be',
    tables: ['sys_db_object'],
    async check(transaction, { operation, before, values }) {
      if (operation === 'delete') return requireRemovable(transaction, before);
      if (operation === 'update') {
        if (values.name !== before.name || values.super_class !== before.super_class)
          throw valueRefused('Table', 'Name and parent of a table stay as they were made');
        return;
      }
      requireName('Name', values.name);
      values.label ||= values.name ?? '';
      if (/^(?:(?:sqlite|pg|causeway)_|attachment_(?:chunk|upload)$)/.test(values.name ?? ''))
        throw valueRefused('Name', 'The name is kept for the database');
      if (values.super_class) await requireParent(transaction, values.super_class);
      if ((await count(transaction, 'sys_db_object', 'name')) >= tableLimit)
        throw valueRefused('Table', `There are ${tableLimit} tables already`);
    },
    async applied(transaction, { operation, before, after, caller }) {
      if (operation === 'delete') return forget(transaction, before);
      const isRoot = after.super_class === '';
      const isExtendable = after.is_extendable === 'true';
      if (operation === 'update') {
        if (isRoot && isExtendable && before.is_extendable !== 'true') await nameClasses(transaction, after, caller.userName);
        return;
      }
      const fields = isRoot ? systemFieldsOf(isExtendable) : [];
      for (const { element, type } of fields)
        await reviveColumn(transaction, { table: after.name ?? '', name: element, kind: columnKind(type, false) });
      await transaction.define([shapeOf({ name: after.name ?? '', isRoot, fields })]);
      const itself = { element: '', label: after.label ?? '', type: 'collection' };
      await writeFieldRows(transaction, after, [itself, ...fields], caller.userName);
    },
  },
];
