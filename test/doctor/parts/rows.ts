// Tables as plain rows, and as much of the query language as doctor speaks: behind a reader, or behind a server that answers like another
// instance. It must not know what the rows mean.
import type { Ask, Reader, SeenRow } from '../../../src/doctor/reader.ts';

export type Rows = Record<string, Record<string, string>[]>;

const operators = ['ISNOTEMPTY', 'ISEMPTY', 'IN', 'LIKE', '!=', '=', '>', '<'] as const;

const holds = (row: SeenRow, term: string): boolean => {
  const [, field = '', operator = '', value = ''] = /^([\w.]+?)(ISNOTEMPTY|ISEMPTY|IN|LIKE|!=|=|>|<)(.*)$/s.exec(term) ?? [];
  const has = row[field] ?? '';
  const verdicts: Record<(typeof operators)[number], () => boolean> = {
    ISNOTEMPTY: () => has !== '',
    ISEMPTY: () => has === '',
    IN: () => value.split(',').includes(has),
    LIKE: () => has.toLowerCase().includes(value.toLowerCase()),
    '!=': () => has !== value,
    '=': () => has === value,
    '>': () => Number(has) > Number(value),
    '<': () => Number(has) < Number(value),
  };
  const verdict = verdicts[operator as (typeof operators)[number]];
  if (!verdict) throw new Error(`the test does not know the term ${term}`);
  return verdict();
};

/** Rows of an encoded query, in its order. */
export const select = (rows: readonly SeenRow[], query: string): SeenRow[] => {
  const terms = query.split('^').filter((term) => term !== '');
  const orders = terms.filter((term) => term.startsWith('ORDERBY'));
  const conditions: string[][] = [];
  for (const term of terms.filter((each) => !each.startsWith('ORDERBY'))) {
    if (term.startsWith('OR')) conditions.at(-1)?.push(term.slice(2));
    else conditions.push([term]);
  }
  const found = rows.filter((row) => conditions.every((any) => any.some((term) => holds(row, term))));
  for (const order of orders) {
    const isDown = order.startsWith('ORDERBYDESC');
    const field = order.slice(isDown ? 11 : 7);
    const worth = (row: SeenRow): string => (row[field] ?? '').padStart(20, '0');
    found.sort((a, b) => (worth(a) < worth(b) ? -1 : 1) * (isDown ? -1 : 1));
  }
  return found;
};

/** A table without rows is there and empty. */
export const makeRowsReader = (name: string, rows: Rows, now: number): Reader => ({
  name,
  now: () => now,
  async read(table: string, { query, limit = 500 }: Ask) {
    const found = select(rows[table] ?? [], query);
    return { rows: found.slice(0, limit), total: found.length };
  },
});
