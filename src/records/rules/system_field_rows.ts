// Dictionary rows of a table that was just made: the table itself and its system fields.
import type { Transaction, Value } from '../../store/store.ts';
import type { FieldDefinition } from '../definition.ts';
import { fieldTypeOf } from '../field_types/index.ts';
import { insertMany } from '../many_rows.ts';
import type { Row } from '../records.ts';
import { seedId } from '../seed_id.ts';

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

/** Rows that are there already stay. Their sys_ids are made from the table's own, so no further source of ids is needed. */
export const writeFieldRows = async (
  transaction: Transaction,
  table: Row,
  fields: readonly FieldDefinition[],
  userName: string,
): Promise<void> => {
  const { dialect } = transaction;
  const { sys_id: tableSysId = '', name = '', sys_updated_on: now = '' } = table;
  const present = await transaction.read(
    `SELECT ${dialect.name('element')} FROM ${dialect.name('sys_dictionary')} WHERE ${dialect.name('name')} = ${dialect.parameter(1)}`,
    [name],
  );
  const known = new Set(present.map(([element]) => element ?? ''));
  const rows = fields
    .filter(({ element }) => !known.has(element))
    .map((field): Value[] => [
      seedId('sys_dictionary', tableSysId, field.element),
      name,
      field.element || null,
      field.label,
      field.type,
      field.maxLength ?? fieldTypeOf(field.type).maxLength,
      1,
      now,
      userName,
      now,
      userName,
      0,
    ]);
  await insertMany(transaction, 'sys_dictionary', columns, rows);
};
