// Rows of the catalogue that are in use and that the caller may read. Everything that is shown of it comes through here.
// The caller's words are compared afterwards: they never become part of a query.
import { isFault } from '../kit/fault.ts';
import type { Caller } from '../records/caller.ts';
import type { Records, Row } from '../records/records.ts';

type Reader = Pick<Records, 'list' | 'find'>;
type OneReader = Pick<Records, 'get' | 'findBy'>;

const mostRows = 10_000;

/** In the order of `order`; none where the caller may not read the table. */
export const visibleRows = async (records: Reader, caller: Caller, table: string, order: string): Promise<Row[]> => {
  const active = { table, query: 'active=true', fields: ['sys_id'], limit: mostRows, onInvalidTerm: 'match_nothing' } as const;
  try {
    const { rows } = await records.list(caller, active);
    const seen = new Set(rows.map((row) => String(row[0])));
    return (await records.find(table, `active=true^ORDERBY${order}`, { limit: mostRows })).filter((row) =>
      seen.has(row.sys_id ?? ''),
    );
  } catch (error) {
    if (isFault(error) && error.kind === 'forbidden') return [];
    throw error;
  }
};

/** The same for one of them. */
export const visibleRow = async (records: OneReader, caller: Caller, table: string, sysId: string): Promise<Row | undefined> => {
  const [row] = await records.findBy(table, { sys_id: sysId, active: 'true' }, { limit: 1 });
  if (!row) return undefined;
  try {
    await records.get(caller, table, sysId, { fields: ['sys_id'] });
    return row;
  } catch (error) {
    if (isFault(error) && (error.kind === 'not_found' || error.kind === 'forbidden')) return undefined;
    throw error;
  }
};
