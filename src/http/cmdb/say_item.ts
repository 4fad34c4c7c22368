// A configuration item as its API says it: attributes, and relations seen from the item. Read with the caller's own rights.
// It must not change anything.
import { makeCell } from '../../records/present/cell.ts';
import { noNames } from '../../records/present/names.ts';
import type { Records, Selection } from '../../records/records.ts';
import type { Asked } from '../api.ts';
import type { Data } from '../say_data.ts';
import { apiAddress } from '../table/table_address.ts';

const mostRelations = 10_000;

type Named = Readonly<Record<string, Data>>;

/** Stored values; references with the name and the address of what they lead to. */
const describeRows = (records: Records, asked: Asked, { columns, rows }: Selection): Named[] => {
  const about = { dictionary: records.dictionary(), linkBase: apiAddress(asked), timeZone: asked.caller.timeZone };
  const cells = columns.map((column) => makeCell(column, about));
  return rows.map((row) =>
    Object.fromEntries(
      cells
        .filter(({ isShown }) => isShown?.(row) ?? true)
        .map((cell): [string, Data] => {
          const value = cell.value(row);
          if (value === '' || !cell.link) return [cell.key, value];
          return [cell.key, { display_value: cell.shown(row, noNames), link: cell.link(value), value }];
        }),
    ),
  );
};

const readRelations = async (records: Records, asked: Asked, item: string, own: string, other: string): Promise<Data[]> => {
  const selection = await records.list(asked.caller, {
    table: 'cmdb_rel_ci',
    query: `${own}=${item}`,
    fields: ['sys_id', 'type', other],
    display: 'all',
    limit: mostRelations,
    onInvalidTerm: 'match_nothing',
  });
  return describeRows(records, asked, selection).map((row) => {
    const target = row[other];
    if (target === null || typeof target !== 'object' || Array.isArray(target)) return { ...row };
    const { display_value: name, value } = target as Named;
    const link = `${apiAddress(asked)}/cmdb/instance/cmdb_ci/${value}`;
    return { sys_id: row.sys_id, type: row.type, target: { display_value: name, link, value } };
  });
};

/** Throws `records.not_found` where there is no such item of the class. */
export const describeItem = async (records: Records, asked: Asked, className: string, sysId: string): Promise<Named> => {
  const found = await records.get(asked.caller, className, sysId, { display: 'all' });
  // As it is stored: what a caller wrote into the address does not become part of a query.
  const item = String(found.rows[0]?.[0] ?? '');
  const [attributes = {}] = describeRows(records, asked, found);
  const [outbound, inbound] = await Promise.all([
    readRelations(records, asked, item, 'parent', 'child'),
    readRelations(records, asked, item, 'child', 'parent'),
  ]);
  return { attributes, outbound_relations: outbound, inbound_relations: inbound };
};
