// Attachments end with the record they hang on, and their bytes end with them. In one transaction with the deletion.
import type { Transaction, Value } from '../../store/store.ts';
import type { Rule } from '../records.ts';

const removeOf = async (transaction: Transaction, table: string, column: string, value: Value): Promise<void> => {
  const { dialect } = transaction;
  await transaction.run(`DELETE FROM ${dialect.name(table)} WHERE ${dialect.name(column)} = ${dialect.parameter(1)}`, [value]);
};

const removeParts = async (transaction: Transaction, sysId: Value): Promise<void> => {
  await removeOf(transaction, 'attachment_chunk', 'attachment', sysId);
  await removeOf(transaction, 'sys_attachment_attribute', 'attachment', sysId);
};

export const attachmentRules: readonly Rule[] = [
  {
    name: 'bytes of a deleted attachment',
    tables: ['sys_attachment'],
    async applied(transaction, { operation, sysId }) {
      if (operation === 'delete') await removeParts(transaction, sysId);
    },
  },
  {
    name: 'attachments of a deleted record',
    tables: 'all',
    async applied(transaction, { operation, table, sysId }) {
      if (operation !== 'delete') return;
      const { dialect } = transaction;
      // A sys_id is whatever the maker of a record chose: one of another table may have the same.
      const names = table.chain.map((level) => level.name);
      const found = await transaction.read(
        `SELECT sys_id FROM ${dialect.name('sys_attachment')} WHERE ${dialect.name('table_sys_id')} = ${dialect.parameter(1)}` +
          ` AND ${dialect.name('table_name')} IN (${names.map((_, at) => dialect.parameter(at + 2)).join(', ')})`,
        [sysId, ...names],
      );
      for (const [attachment = null] of found) {
        await removeParts(transaction, attachment);
        await removeOf(transaction, 'sys_attachment', 'sys_id', attachment);
      }
    },
  },
];
