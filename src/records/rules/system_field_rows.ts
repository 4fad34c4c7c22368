// Dictionary rows of a table that was just made: the table itself and its system fields.
import type { Transaction, Value } from '../../store/store.ts';
import type { FieldDefinition } from '../definition.ts';
import { fieldTypeOf } from '../field_types/index.ts';
import type { Row } from '../records.ts';
import { seedId } from '../seed_id.ts';

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
  for (const field of fields.filter(({ element }) => !known.has(element))) {
    const values: Record<string, Value> = {
      sys_id: seedId('sys_dictionary', tableSysId, field.element),
      name,
      element: field.element || null,
      column_label: field.label,
      internal_type: field.type,
      max_length: field.maxLength ?? fieldTypeOf(field.type).maxLength,
      active: 1,
      sys_created_on: now,
      sys_created_by: userName,
      sys_updated_on: now,
      sys_updated_by: userName,
      sys_mod_count: 0,
    };
    const columns = Object.keys(values);
    await transaction.run(
      `INSERT INTO ${dialect.name('sys_dictionary')} (${columns.map((column) => dialect.name(column)).join(', ')})` +
        ` VALUES (${columns.map((_, index) => dialect.parameter(index + 1)).join(', ')})`,
      Object.values(values),
    );
  }
};
