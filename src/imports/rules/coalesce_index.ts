// A field by which imports look for records gets an index: without one every row of a file would read the whole target table.
import type { Dictionary } from '../../records/dictionary.ts';
import type { Rule } from '../../records/records.ts';
import { shapeOf } from '../../records/storage_shape.ts';

export const makeCoalesceIndexRule = (dictionary: () => Dictionary): Rule => ({
  name: 'an index for coalesce fields',
  tables: ['sys_transform_entry'],
  async applied(transaction, { operation, after }) {
    if (operation === 'delete' || after.coalesce !== 'true') return;
    const { dialect } = transaction;
    const [map] = await transaction.read(
      `SELECT ${dialect.name('target_table')} FROM ${dialect.name('sys_transform_map')} WHERE sys_id = ${dialect.parameter(1)}`,
      [after.map ?? ''],
    );
    const field = dictionary()
      .table(String(map?.[0] ?? ''))
      ?.fields.get(after.target_field ?? '');
    // Long texts do not fit into an index; whoever matches by one pays for it.
    if (!field || field.column === '' || field.element === 'sys_id' || field.maxLength > 255) return;
    const { table: name, element, type, column } = field;
    await transaction.define([shapeOf({ name, isRoot: false, fields: [{ element, type }], indexes: [{ columns: [column] }] })]);
  },
});
