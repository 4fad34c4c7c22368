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
    async applied(transaction, { operation, sysId }) {
      if (operation !== 'delete') return;
      const { dialect } = transaction;
      const attachments = dialect.name('sys_attachment');
      const owner = dialect.name('table_sys_id');
      const found = await transaction.read(`SELECT sys_id FROM ${attachments} WHERE ${owner} = ${dialect.parameter(1)}`, [sysId]);
      for (const [attachment = null] of found) await removeParts(transaction, attachment);
      if (found.length > 0) await removeOf(transaction, 'sys_attachment', 'table_sys_id', sysId);
    },
  },
];
