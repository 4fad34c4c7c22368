// What tables and fields are called: a row of sys_documentation for each entry of the dictionary and each language. The English one and
// the entry itself say the same, whichever is written. Must not touch the rows of other languages, but remove them with their field.
import type { Transaction } from '../../store/store.ts';
import type { Row, Rule } from '../records.ts';

const ownLanguage = 'en';

/** The row of an entry has the entry's sys_id, so it needs no source of ids and cannot be made twice. One table, or all. */
export const writeLabels = async (transaction: Transaction, tableName?: string): Promise<void> => {
  const { name: n, parameter } = transaction.dialect;
  const stamps = ['sys_created_on', 'sys_created_by', 'sys_updated_on', 'sys_updated_by'].map(n);
  const sameEntry = `x.${n('name')} = d.${n('name')} AND COALESCE(x.${n('element')}, '') = COALESCE(d.${n('element')}, '')`;
  await transaction.run(
    `INSERT INTO ${n('sys_documentation')} (sys_id, ${stamps.join(', ')}, ${['sys_mod_count', 'name', 'element', 'label', 'language'].map(n).join(', ')}) ` +
      `SELECT d.sys_id, ${stamps.map((stamp) => `d.${stamp}`).join(', ')}, 0, d.${n('name')}, d.${n('element')}, ` +
      `COALESCE(d.${n('column_label')}, d.${n('element')}, d.${n('name')}), '${ownLanguage}' FROM ${n('sys_dictionary')} d ` +
      `WHERE NOT EXISTS (SELECT 1 FROM ${n('sys_documentation')} x WHERE ${sameEntry} AND x.${n('language')} = '${ownLanguage}')` +
      `${tableName === undefined ? '' : ` AND d.${n('name')} = ${parameter(1)}`} ON CONFLICT DO NOTHING`,
    tableName === undefined ? [] : [tableName],
  );
};

const rename = async (
  transaction: Transaction,
  { table, column, more = '' }: { table: string; column: string; more?: string },
  { name = '', element = '', label }: { name?: string; element?: string; label: string },
): Promise<void> => {
  const { name: n, parameter } = transaction.dialect;
  const entry = table === 'sys_db_object' ? '' : ` AND COALESCE(${n('element')}, '') = ${parameter(3)}`;
  await transaction.run(
    `UPDATE ${n(table)} SET ${n(column)} = ${parameter(1)} WHERE ${n('name')} = ${parameter(2)}${entry}${more}`,
    entry === '' ? [label, name] : [label, name, element],
  );
};

const documentation = (transaction: Transaction) => ({
  table: 'sys_documentation',
  column: 'label',
  more: ` AND ${transaction.dialect.name('language')} = '${ownLanguage}'`,
});
const entry = { table: 'sys_dictionary', column: 'column_label' };
const object = { table: 'sys_db_object', column: 'label' };

const forget = async (transaction: Transaction, { name = '', element = '' }: Row): Promise<void> => {
  const { name: n, parameter } = transaction.dialect;
  await transaction.run(
    `DELETE FROM ${n('sys_documentation')} WHERE ${n('name')} = ${parameter(1)} AND COALESCE(${n('element')}, '') = ${parameter(2)}`,
    [name, element],
  );
};

export const labelRules: readonly Rule[] = [
  {
    name: 'labels of fields',
    tables: ['sys_dictionary'],
    async applied(transaction, { operation, before, after, changed }) {
      if (operation === 'delete') return forget(transaction, before);
      if (operation === 'insert') return writeLabels(transaction, after.name ?? '');
      if (!changed.includes('column_label')) return;
      const said = { name: after.name, element: after.element, label: after.column_label ?? '' };
      await rename(transaction, documentation(transaction), said);
      if (said.element === '') await rename(transaction, object, said);
    },
  },
  {
    name: 'labels of tables',
    tables: ['sys_db_object'],
    async applied(transaction, { operation, after, changed }) {
      if (operation === 'insert') return writeLabels(transaction, after.name ?? '');
      if (operation === 'delete' || !changed.includes('label')) return;
      const said = { name: after.name, label: after.label ?? '' };
      await rename(transaction, entry, said);
      await rename(transaction, documentation(transaction), said);
    },
  },
  {
    name: 'labels as they are written',
    tables: ['sys_documentation'],
    async applied(transaction, { operation, after }) {
      if (operation === 'delete' || after.language !== ownLanguage || after.label === '') return;
      const said = { name: after.name, element: after.element, label: after.label ?? '' };
      await rename(transaction, entry, said);
      if (said.element === '') await rename(transaction, object, said);
    },
  },
];
