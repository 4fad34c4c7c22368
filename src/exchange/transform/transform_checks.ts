// What holds of a transform: one for a company, tables, fields and direction, so that nobody has to guess which of two is meant. The database's own
// constraint lets two for all companies through, because their company is empty.
import { Fault } from '../../kit/fault.ts';
import type { Rule } from '../../records/records.ts';
import type { TasksParts } from '../tasks_parts.ts';

const tables = ['sn_sb_pro_transform', 'sn_sb_con_transform'] as const;
const about = ['company', 'provider_table', 'provider_field', 'consumer_table', 'consumer_field'] as const;

export const makeTransformChecks = ({ records }: Pick<TasksParts, 'records'>): Rule => ({
  name: 'exchange: what holds of a transform',
  tables,
  async check(transaction, { table, operation, before, values }) {
    if (operation === 'delete') return;
    if (operation === 'update' && [...about, 'type'].every((element) => values[element] === before[element])) return;
    const match = Object.fromEntries(about.map((element) => [element, values[element] ?? '']));
    const found = await records().within(transaction).findBy(table.name, match);
    const meets = (type: string | undefined): boolean => type === 'both' || values.type === 'both' || type === values.type;
    const other = found.find(({ sys_id, type }) => sys_id !== values.sys_id && meets(type));
    if (!other) return;
    throw new Fault('conflict', 'exchange.transform_duplicate', 'There is such a transform already', {
      explanation: `${other.name || other.sys_id} is for the same company, tables, fields and direction.`,
    });
  },
});
