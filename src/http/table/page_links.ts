// The Link header of a list: first, prev, next, last, in that order and without blanks (data_api.md §2.2).
// It must not point before the first page or past the last one.
import type { Parameters } from '../parameters.ts';
import type { Page } from './list_request.ts';

/** `address` is absolute and without a query; `rowCount` is what this page holds; `total` is undefined when it was not counted. */
export const pageLinks = (
  address: string,
  parameters: Pick<Parameters, 'pairs'>,
  page: Pick<Page, 'limit' | 'offset'>,
  result: { rowCount: number; total: number | undefined },
): string => {
  const { limit, offset } = page;
  const { rowCount, total } = result;
  if (limit === 0) return '';
  const kept = parameters.pairs
    .filter(([name]) => name !== 'sysparm_limit' && name !== 'sysparm_offset')
    .map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`);
  const link = (at: number, relation: string) =>
    `<${address}?${[...kept, `sysparm_limit=${limit}`, `sysparm_offset=${at}`].join('&')}>;rel="${relation}"`;

  const lastOffset = total === undefined ? undefined : Math.floor(Math.max(total - 1, 0) / limit) * limit;
  // Uncounted, a full page is the only sign that there may be another.
  const hasNext = total === undefined ? rowCount === limit : offset + limit < total;
  const links = [link(0, 'first')];
  if (offset > 0) links.push(link(Math.max(0, Math.min(offset - limit, lastOffset ?? offset)), 'prev'));
  if (hasNext) links.push(link(offset + limit, 'next'));
  if (lastOffset !== undefined) links.push(link(lastOffset, 'last'));
  return links.join(',');
};
