// What a list asks of the records: query, filters, page. It must not know how pages are linked.
import type { ListRequest } from '../../records/records.ts';
import type { Asked } from '../api.ts';
import type { Parameters } from '../parameters.ts';
import { readOptions } from './read_options.ts';

const usualLimit = 10_000;
/** A page is built in memory; clients are known to ask for 32000. */
const largestLimit = 100_000;
/** More than any table has rows, and safe in every engine's integers. */
const largestOffset = 2_000_000_000;

export interface Page {
  limit: number;
  offset: number;
  withCount: boolean;
}

export const pageOf = ({ parameters }: Pick<Asked, 'parameters'>): Page => ({
  limit: Math.min(parameters.wholeNumber('sysparm_limit') ?? usualLimit, largestLimit),
  offset: Math.min(parameters.wholeNumber('sysparm_offset') ?? 0, largestOffset),
  withCount: !parameters.isTrue('sysparm_no_count'),
});

/** Every parameter that is none of the API's own is a filter `field=value`. */
export const filtersOf = ({ pairs }: Pick<Parameters, 'pairs'>): Parameters['pairs'] =>
  pairs.filter(([name]) => name !== '' && !name.startsWith('sysparm_'));

export const listRequest = (asked: Pick<Asked, 'parameters'>, table: string, page: Page): ListRequest => {
  const { fields, display } = readOptions(asked.parameters);
  return {
    ...page,
    table,
    query: asked.parameters.get('sysparm_query'),
    filters: filtersOf(asked.parameters),
    fields,
    display,
    onInvalidTerm: 'as_configured',
  };
};
