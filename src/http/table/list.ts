// GET /table/{table}: the rows of a query, page by page, with the count and the links to the other pages.
import { Fault } from '../../kit/fault.ts';
import type { Records } from '../../records/records.ts';
import type { Answer, Asked } from '../api.ts';
import { listRequest, pageOf } from './list_request.ts';
import { pageLinks } from './page_links.ts';
import { tableAddress } from './table_address.ts';
import type { TableParts } from './table_api.ts';
import { withView } from './view_fields.ts';

/** Version 1 calls an empty page an error; later versions do not (data_api.md §1.1). */
const nothingFound = (): Fault =>
  new Fault('not_found', 'http.no_records', 'No Record found', {
    explanation: 'Records matching query not found. Check query parameter or offset parameter',
  });

export const listRecords =
  ({ records, say }: TableParts) =>
  async (asked: Asked): Promise<Answer> => {
    const table = asked.segments.get('table') ?? '';
    const page = pageOf(asked);
    const request = await withView(records, asked, { table, kind: 'list' }, listRequest(asked, table, page));
    const selection = await records.list(asked.caller, request);
    if (selection.rows.length === 0 && asked.version === 'v1') throw nothingFound();
    return { status: 200, body: await say.many(asked, selection), headers: headersOf(asked, table, page, selection) };
  };

const headersOf = (
  asked: Asked,
  table: string,
  page: ReturnType<typeof pageOf>,
  selection: Awaited<ReturnType<Records['list']>>,
): Record<string, string> => {
  const { total, rows } = selection;
  const headers: Record<string, string> = {};
  if (total !== undefined) headers['X-Total-Count'] = String(total);
  if (!asked.parameters.isTrue('sysparm_suppress_pagination_header')) {
    const links = pageLinks(tableAddress(asked, table), asked.parameters, page, { rowCount: rows.length, total });
    if (links !== '') headers.Link = links;
  }
  return headers;
};
