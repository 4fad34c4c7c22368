// GET of the CMDB Instance API: the items of a class by name, and one item whole.
import type { Records } from '../../records/records.ts';
import { invalidTable } from '../../records/refusals.ts';
import type { Answer, Asked } from '../api.ts';
import { sayData } from '../say_data.ts';
import { filtersOf, pageOf } from '../table/list_request.ts';
import { pageLinks } from '../table/page_links.ts';
import { apiAddress } from '../table/table_address.ts';
import type { CmdbParts } from './cmdb_api.ts';
import { describeItem } from './say_item.ts';

/** The class that the address names. Throws `records.invalid_table` for what is no class of configuration items. */
export const classOf = (records: Pick<Records, 'dictionary'>, asked: Asked): string => {
  const name = asked.segments.get('table') ?? '';
  if (
    !records
      .dictionary()
      .table(name)
      ?.chain.some((table) => table.name === 'cmdb')
  )
    throw invalidTable(name);
  return name;
};

export const listItems =
  ({ records }: CmdbParts) =>
  async (asked: Asked): Promise<Answer> => {
    const table = classOf(records, asked);
    const { parameters } = asked;
    const page = pageOf(asked);
    const { columns, rows, total } = await records.list(asked.caller, {
      ...page,
      table,
      query: parameters.get('sysparm_query'),
      filters: filtersOf(parameters),
      fields: ['sys_id', 'name'],
    });
    const items = rows.map((row) =>
      Object.fromEntries(
        // A field that is hidden in this row has no value.
        columns.map(({ key, valueAt, grantedAt = -1 }) => [
          key,
          Number(row[grantedAt] ?? 1) === 1 ? String(row[valueAt] ?? '') : '',
        ]),
      ),
    );
    const links = pageLinks(`${apiAddress(asked)}/cmdb/instance/${table}`, parameters, page, { rowCount: rows.length, total });
    return {
      status: 200,
      headers: {
        ...(total === undefined ? {} : { 'X-Total-Count': String(total) }),
        ...(links === '' ? {} : { Link: links }),
      },
      body: sayData(asked.accept, items),
    };
  };

export const readItem =
  ({ records }: CmdbParts) =>
  async (asked: Asked): Promise<Answer> => {
    const item = await describeItem(records, asked, classOf(records, asked), asked.segments.get('sys_id') ?? '');
    return { status: 200, body: sayData(asked.accept, item) };
  };
