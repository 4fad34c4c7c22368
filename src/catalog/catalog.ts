// The service catalogue, put together: what can be ordered, its forms, and ordering. Read this first.
import type { Caller } from '../records/caller.ts';
import type { Records, Row } from '../records/records.ts';
import { type Deliverer, makeOrders, type Orders } from './order_item.ts';
import { isInCatalog, makePlaces, type Places } from './places.ts';
import { type FormVariable, readForm } from './read_form.ts';
import { visibleRow, visibleRows } from './visible_rows.ts';

export interface AskedItems {
  text: string;
  /** sys_ids; '' for any. */
  catalog: string;
  category: string;
  limit: number;
  offset: number;
}

export interface Catalog extends Orders, Places {
  /** Active items whose name or short description holds the text. */
  items(caller: Caller, asked: AskedItems): Promise<Row[]>;
  /** Undefined where there is none that is active and readable. */
  item(caller: Caller, sysId: string): Promise<{ item: Row; form: FormVariable[] } | undefined>;
}

export interface CatalogParts {
  records: Records;
  deliverers: () => readonly Deliverer[];
}

export const makeCatalog = (parts: CatalogParts): Catalog => {
  const { records } = parts;
  return {
    ...makeOrders(parts),
    ...makePlaces(parts),
    async items(caller, { text, catalog, category, limit, offset }) {
      const wanted = text.toLowerCase();
      const found = (await visibleRows(records, caller, 'sc_cat_item', 'name')).filter(
        (row) =>
          `${row.name}\n${row.short_description}`.toLowerCase().includes(wanted) &&
          (catalog === '' || isInCatalog(row, catalog)) &&
          (category === '' || row.category === category),
      );
      return found.slice(offset, offset + limit);
    },
    async item(caller, sysId) {
      const item = await visibleRow(records, caller, 'sc_cat_item', sysId);
      return item && { item, form: await readForm(records, sysId) };
    },
  };
};
