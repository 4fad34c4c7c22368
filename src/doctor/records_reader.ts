// The instance that doctor runs in, seen without a detour: the same tables by the same names, as the system sees them.
import type { Records } from '../records/records.ts';
import type { QueueSummary, Reader } from './reader.ts';

export interface RecordsReaderParts {
  records: Records;
  summary: () => Promise<readonly QueueSummary[]>;
  now: () => number;
  name: () => string;
}

export const makeRecordsReader = ({ records, summary, now, name }: RecordsReaderParts): Reader => ({
  get name() {
    return name();
  },
  now,
  queueSummary: summary,
  async rows(table, query, fields, limit = 500) {
    const found = await records.find(table, query, { limit });
    const walks = fields.filter((field) => field.includes('.'));
    if (walks.length === 0) return found;
    return Promise.all(
      found.map(async (row) => {
        const walked: Record<string, string> = { ...row };
        for (const walk of walks) walked[walk] = await follow(records, table, row, walk);
        return walked;
      }),
    );
  },
});

/** `role.name` of a row: one step, which is all that the checks take. */
const follow = async (records: Records, table: string, row: Readonly<Record<string, string>>, walk: string): Promise<string> => {
  const [element = '', field = ''] = walk.split('.');
  const target = records.dictionary().table(table)?.fields.get(element)?.reference ?? '';
  const [found] = target === '' ? [] : await records.findBy(target, { sys_id: row[element] ?? '' }, { limit: 1 });
  return found?.[field] ?? '';
};
