// The service catalogue, put together: what can be ordered, its forms, and ordering. Read this first.
import type { Caller } from '../records/caller.ts';
import type { Records, Row } from '../records/records.ts';
import { type Deliverer, makeOrders, type Orders } from './order_item.ts';
import { type FormVariable, readForm } from './read_form.ts';

export interface Catalog extends Orders {
  /** Active items whose name or short description holds the text. */
  items(caller: Caller, asked: { text: string; limit: number; offset: number }): Promise<Row[]>;
  /** Undefined where there is none that is active and readable. */
  item(caller: Caller, sysId: string): Promise<{ item: Row; form: FormVariable[] } | undefined>;
}

export interface CatalogParts {
  records: Records;
  deliverers: () => readonly Deliverer[];
}

export const makeCatalog = (parts: CatalogParts): Catalog => {
  const { records } = parts;
  const readable = async (caller: Caller): Promise<boolean> =>
    (await records.readableTables(caller)).some(({ name }) => name === 'sc_cat_item');
  return {
    ...makeOrders(parts),
    async items(caller, { text, limit, offset }) {
      if (!(await readable(caller))) return [];
      // The caller's words are compared here: they are never part of a query.
      const wanted = text.toLowerCase();
      const all = await records.find('sc_cat_item', 'active=true^ORDERBYname');
      const found = all.filter((row) => `${row.name}\n${row.short_description}`.toLowerCase().includes(wanted));
      return found.slice(offset, offset + limit);
    },
    async item(caller, sysId) {
      if (!(await readable(caller))) return undefined;
      const [item] = await records.findBy('sc_cat_item', { sys_id: sysId, active: 'true' }, { limit: 1 });
      return item && { item, form: await readForm(records, sysId) };
    },
  };
};
