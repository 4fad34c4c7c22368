// The instance that doctor runs in, seen without a detour: the same tables by the same names, as the system sees them.
import type { Records } from '../records/records.ts';
import type { Reader, SeenRow } from './reader.ts';

export interface RecordsReaderParts {
  records: Records;
  now: () => number;
  name: () => string;
}

export const makeRecordsReader = ({ records, now, name }: RecordsReaderParts): Reader => ({
  get name() {
    return name();
  },
  now,
  async read(table, { query, fields, limit = 500 }) {
    const found = await records.find(table, query, { limit });
    const walks = fields.filter((field) => field.includes('.'));
    const rows: SeenRow[] = [];
    for (const row of found) {
      const walked: Record<string, string> = { ...row };
      for (const walk of walks) walked[walk] = await follow(records, table, row, walk);
      rows.push(walked);
    }
    return { rows, total: undefined };
  },
});

/** `role.name` of a row: one step, which is all that the checks take. */
const follow = async (records: Records, table: string, row: SeenRow, walk: string): Promise<string> => {
  const [element = '', field = ''] = walk.split('.');
  const target = records.dictionary().table(table)?.fields.get(element)?.reference ?? '';
  if (target === '' || !row[element]) return '';
  const [found] = await records.findBy(target, { sys_id: row[element] }, { limit: 1 });
  return found?.[field] ?? '';
};
