// The Aggregate API: figures of a table's rows, in groups or over all of them.
import { noNames, type ShownNames } from '../../records/present/names.ts';
import type { Records, Selection } from '../../records/records.ts';
import type { Answer, Api, Asked } from '../api.ts';
import { sayData } from '../say_data.ts';
import { filtersOf } from '../table/list_request.ts';
import { readOptions } from '../table/read_options.ts';
import { apiAddress } from '../table/table_address.ts';
import { askedFigures } from './asked_figures.ts';
import { sayFigures } from './say_figures.ts';

export interface StatsParts {
  records: Records;
  /** Names behind lists of references; asked only where display values are shown. */
  namesFor: (asked: Pick<Asked, 'caller'>, selection: Selection) => Promise<ShownNames>;
}

const readStats =
  ({ records, namesFor }: StatsParts) =>
  async (asked: Asked): Promise<Answer> => {
    const { parameters, caller, accept } = asked;
    const { display } = readOptions(parameters);
    const figures = await records.figures(caller, {
      table: asked.segments.get('table') ?? '',
      query: parameters.get('sysparm_query'),
      filters: filtersOf(parameters),
      display,
      ...askedFigures(parameters),
    });
    const { table, groups, rows } = figures;
    const names = display === 'false' ? noNames : await namesFor(asked, { table, columns: groups, rows, total: undefined });
    const options = {
      display,
      dictionary: records.dictionary(),
      linkBase: apiAddress(asked),
      timeZone: caller.timeZone,
      formats: caller.formats,
    };
    return { status: 200, body: sayData(accept, sayFigures(figures, options, names)) };
  };

const figures = [
  'sysparm_query',
  'sysparm_count',
  'sysparm_avg_fields',
  'sysparm_min_fields',
  'sysparm_max_fields',
  'sysparm_sum_fields',
  'sysparm_group_by',
  'sysparm_order_by',
  'sysparm_having',
  'sysparm_display_value',
] as const;

export const makeStatsApi = (parts: StatsParts): Api => ({
  name: 'now/stats',
  title: 'Aggregate API',
  base: '/api/now',
  versions: ['', 'v1', 'v2'],
  operations: [
    { method: 'GET', path: '/stats/:table', summary: 'Counts and measures records', reads: figures, handle: readStats(parts) },
  ],
});
