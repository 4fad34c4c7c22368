// A form of the catalogue that makes a record of some table instead of a request.
import type { TableDefinition } from '../definition.ts';

export const scCatItemProducer: TableDefinition = {
  name: 'sc_cat_item_producer',
  label: 'Record Producer',
  extends: 'sc_cat_item',
  extendable: true,
  audited: true,
  fields: [{ element: 'table_name', label: 'Table name', type: 'table_name', maxLength: 80 }],
};
