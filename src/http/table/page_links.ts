// The Link header of a list: first, prev, next, last, in that order and without blanks (data_api.md §2.2).
// It must not point before the first page or past the last one.
import { keptFor } from '../../kit/kept_for.ts';
import type { Parameters } from '../parameters.ts';
import type { Page } from './list_request.ts';

/** What every page is asked with, encoded, each pair with the sign that goes before the next. */
const repeated = keptFor((pairs: Parameters['pairs']) =>
  pairs
    .filter(([name]) => name !== 'sysparm_limit' && name !== 'sysparm_offset')
    .map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}&`)
    .join(''),
);

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
  const start = `<${address}?${repeated(parameters.pairs)}sysparm_limit=${limit}&sysparm_offset=`;
  const link = (at: number, relation: string) => `${start}${at}>;rel="${relation}"`;

  const lastOffset = total === undefined ? undefined : Math.floor(Math.max(total - 1, 0) / limit) * limit;
  // Uncounted, a full page is the only sign that there may be another.
  const hasNext = total === undefined ? rowCount === limit : offset + limit < total;
  const links = new Map([['first', link(0, 'first')]]);
  if (offset > 0) links.set('prev', link(Math.max(0, Math.min(offset - limit, lastOffset ?? offset)), 'prev'));
  if (hasNext) links.set('next', link(offset + limit, 'next'));
  if (lastOffset !== undefined) links.set('last', link(lastOffset, 'last'));
  return fitting(links).join(',');
};

/** The usual clients refuse an answer whose headers pass 16 KiB; a query of some kilobytes repeated four times does. */
const longestHeader = 12_000;

/** In the order given, without those for which there is no room; the next page is what clients need most. */
const fitting = (links: ReadonlyMap<string, string>): string[] => {
  let room = longestHeader;
  const kept = new Set(
    ['next', 'prev', 'first', 'last'].filter((relation) => {
      const length = links.get(relation)?.length ?? Number.POSITIVE_INFINITY;
      if (length > room) return false;
      room -= length;
      return true;
    }),
  );
  return [...links].filter(([relation]) => kept.has(relation)).map(([, text]) => text);
};
