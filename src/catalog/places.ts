// Where items stand: catalogues, their categories, and which items are in which. An item that names no catalogue is in every one.
import type { Caller } from '../records/caller.ts';
import type { Records, Row } from '../records/records.ts';
import { visibleRows } from './visible_rows.ts';

export interface Place {
  readonly row: Row;
  readonly itemCount: number;
  /** Of a catalogue those at its top, of a category those right below it. */
  readonly categories: readonly Place[];
}

export interface Places {
  /** Active catalogues, with all their categories. */
  catalogs(caller: Caller): Promise<Place[]>;
  /** Undefined where there is none that is active and readable. */
  category(caller: Caller, sysId: string): Promise<Place | undefined>;
}

export const isInCatalog = (item: Row, catalog: string): boolean => {
  const named = (item.sc_catalogs ?? '').split(',').filter((sysId) => sysId !== '');
  return named.length === 0 || named.includes(catalog);
};

/** Deeper ones are not shown: a category may have been put below itself. */
const deepest = 10;

export const makePlaces = ({ records }: { records: Pick<Records, 'list' | 'find'> }): Places => {
  const load = async (caller: Caller) => {
    const items = await visibleRows(records, caller, 'sc_cat_item', 'name');
    const categories = await visibleRows(records, caller, 'sc_category', 'order^ORDERBYtitle');
    const within = (row: Row, depth: number): Place => ({
      row,
      itemCount: items.filter(({ category }) => category === row.sys_id).length,
      categories:
        depth >= deepest ? [] : categories.filter(({ parent }) => parent === row.sys_id).map((below) => within(below, depth + 1)),
    });
    return { items, categories, within };
  };
  return {
    async catalogs(caller) {
      const { items, categories, within } = await load(caller);
      const catalogs = await visibleRows(records, caller, 'sc_catalog', 'title');
      return catalogs.map((row) => ({
        row,
        itemCount: items.filter((item) => isInCatalog(item, row.sys_id ?? '')).length,
        categories: categories
          .filter(({ sc_catalog: of, parent }) => of === row.sys_id && parent === '')
          .map((top) => within(top, 1)),
      }));
    },
    async category(caller, sysId) {
      const { categories, within } = await load(caller);
      const row = categories.find(({ sys_id: own }) => own === sysId);
      return row && within(row, 1);
    },
  };
};
