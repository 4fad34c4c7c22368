// Tables and fields made by writing rows of sys_db_object and sys_dictionary: the real tables follow in the same transaction. Adds
// columns, never drops or changes one.
import type { Transaction } from '../../store/store.ts';
import { fieldTypeOf, isKnownFieldType } from '../field_types/index.ts';
import type { Row, Rule } from '../records.ts';
import { valueRefused } from '../refusals.ts';
import { shapeOf } from '../storage_shape.ts';
import { systemFieldsOf } from '../system_fields.ts';

// PostgreSQL cuts identifiers at 63 bytes; names of tables also stand in names of indexes.
const namePattern = /^[a-z](?!.*__)[a-z0-9_]{0,58}[a-z0-9]$/;

const requireName = (label: string, name: string | undefined): void => {
  if (!namePattern.test(name ?? ''))
    throw valueRefused(label, 'Lower-case letters, digits and single underscores, 2 to 60 of them, a letter first');
};

const one = async (transaction: Transaction, table: string, column: string, value: string): Promise<boolean> => {
  const { dialect } = transaction;
  const rows = await transaction.read(
    `SELECT 1 FROM ${dialect.name(table)} WHERE ${dialect.name(column)} = ${dialect.parameter(1)} LIMIT 1`,
    [value],
  );
  return rows.length > 0;
};

const isChanged = (before: Row, values: Row, element: string): boolean => before[element] !== values[element];

export const dictionaryRules: readonly Rule[] = [
  {
    name: 'what a table may be',
    tables: ['sys_db_object'],
    async check(transaction, { operation, before, values }) {
      if (operation === 'delete') {
        if (await one(transaction, 'sys_db_object', 'super_class', before.sys_id ?? ''))
          throw valueRefused('Table', 'Other tables extend it');
        return;
      }
      if (operation === 'update') {
        for (const element of ['name', 'super_class']) {
          if (isChanged(before, values, element))
            throw valueRefused('Table', 'Name and parent of a table stay as they were made');
        }
        return;
      }
      requireName('Name', values.name);
      values.label ||= values.name ?? '';
      if (/^(sqlite|pg|causeway)_/.test(values.name ?? '')) throw valueRefused('Name', 'The name is kept for the database');
      if (values.super_class && !(await one(transaction, 'sys_db_object', 'sys_id', values.super_class))) {
        throw valueRefused('Extends table', 'There is no such table');
      }
    },
    async applied(transaction, { operation, after, caller }) {
      if (operation !== 'insert') return;
      const isRoot = after.super_class === '';
      const fields = isRoot ? systemFieldsOf(after.is_extendable === 'true') : [];
      await transaction.define([shapeOf({ name: after.name ?? '', isRoot, fields })]);
      await writeSystemFields(transaction, after, fields, caller.userName);
    },
  },
  {
    name: 'what a field may be',
    tables: ['sys_dictionary'],
    async check(transaction, { operation, before, values }) {
      if (operation === 'delete') return;
      if (operation === 'update') {
        const isOtherColumn =
          fieldTypeOf(before.internal_type ?? '').columnType !== fieldTypeOf(values.internal_type ?? '').columnType;
        if (isOtherColumn) throw valueRefused('Type', 'A field keeps the kind of column it was made with');
        for (const element of ['name', 'element', 'unique']) {
          if (isChanged(before, values, element))
            throw valueRefused('Dictionary entry', 'Table, name and uniqueness of a field stay as they were made');
        }
      } else if (!(await one(transaction, 'sys_db_object', 'name', values.name ?? ''))) {
        throw valueRefused('Table', 'There is no such table');
      } else if (values.internal_type !== 'collection') requireName('Column name', values.element);
      if (!isKnownFieldType(values.internal_type ?? '')) throw valueRefused('Type', 'There is no such type of field');
    },
    async applied(transaction, { operation, after }) {
      if (operation !== 'insert' || !after.element) return;
      const field = { element: after.element, type: after.internal_type ?? 'string', unique: after.unique === 'true' };
      await transaction.define([shapeOf({ name: after.name ?? '', isRoot: false, fields: [field] })]);
    },
  },
];

async function writeSystemFields(
  transaction: Transaction,
  table: Row,
  fields: ReturnType<typeof systemFieldsOf>,
  userName: string,
): Promise<void> {
  const { dialect } = transaction;
  const columns = [
    'sys_id',
    'name',
    'element',
    'column_label',
    'internal_type',
    'max_length',
    'active',
    'sys_created_on',
    'sys_created_by',
    'sys_updated_on',
    'sys_updated_by',
    'sys_mod_count',
  ];
  for (const [at, field] of fields.entries()) {
    const now = table.sys_created_on ?? '';
    // Made from the table's own sys_id, so no further source of ids is needed here.
    const sysId = `${(table.sys_id ?? '').slice(0, 30)}${at.toString(16).padStart(2, '0')}`;
    const length = field.maxLength ?? fieldTypeOf(field.type).maxLength;
    await transaction.run(
      `INSERT INTO ${dialect.name('sys_dictionary')} (${columns.map((column) => dialect.name(column)).join(', ')})` +
        ` VALUES (${columns.map((_, index) => dialect.parameter(index + 1)).join(', ')}) ON CONFLICT DO NOTHING`,
      [sysId, table.name ?? '', field.element, field.label, field.type, length, 1, now, userName, now, userName, 0],
    );
  }
}
