// What doctor could not see, table by table, with the checks that say nothing because of it. Pure.
import type { Unlooked } from '../../doctor/examine.ts';
import type { Layout } from './layout.ts';

const fieldsShown = 3;

const tableOf = (what: string): string => what.split('.')[0] ?? '';

const describeTable = (table: string, all: readonly Unlooked[], layout: Layout): string => {
  const fields = all.filter(({ what }) => what.includes('.')).map(({ what }) => what.slice(table.length + 1));
  const codes = [...new Set(all.flatMap(({ checks }) => checks))];
  const some = `${fields.slice(0, fieldsShown).join(', ')}${fields.length > fieldsShown ? `, and ${fields.length - fieldsShown} more` : ''}`;
  const said = [...new Set(all.map(({ why }) => why))].join('; ');
  const what = fields.length === 0 ? table : `${table} (${some})`;
  const lost = codes.length === 0 ? '' : `; not checked: ${codes.join(' ')}`;
  return layout.row('', `${what}: ${said}${lost}`);
};

/** One paragraph for each instance of which something was not seen. */
export const describeUnseen = (unseen: readonly Unlooked[], layout: Layout): string[] =>
  [...Map.groupBy(unseen, ({ instance }) => instance)].map(([instance, all]) => {
    const tables = Map.groupBy(all, ({ what }) => tableOf(what));
    const lines = [...tables].map(([table, some]) => describeTable(table, some, layout));
    return [`${layout.strong('Not seen')} at ${instance} with this account:`, ...lines].join('\n');
  });
