// Dictionary rows of a table that was just made: the table itself and its system fields.
import type { Transaction, Value } from '../../store/store.ts';
import type { FieldDefinition } from '../definition.ts';
import { fieldTypeOf } from '../field_types/index.ts';
import type { Row } from '../records.ts';

/** Rows that are there already stay. Their sys_ids are made from the table's own, so no further source of ids is needed. */
export const writeFieldRows = async (
  transaction: Transaction,
  table: Row,
  fields: readonly FieldDefinition[],
  userName: string,
): Promise<void> => {
  const { dialect } = transaction;
  const now = table.sys_updated_on ?? '';
  for (const [at, field] of fields.entries()) {
    const place = field.element === '' ? 255 : at;
    const values: Record<string, Value> = {
      sys_id: `${(table.sys_id ?? '').slice(0, 30)}${place.toString(16).padStart(2, '0')}`,
      name: table.name ?? '',
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
        ` VALUES (${columns.map((_, index) => dialect.parameter(index + 1)).join(', ')}) ON CONFLICT DO NOTHING`,
      Object.values(values),
    );
  }
};
