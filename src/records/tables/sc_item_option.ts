// What was answered when something was ordered. Written with the order, by the catalogue alone.
import type { TableDefinition } from '../definition.ts';

const access: TableDefinition['access'] = { read: ['itil'], create: [], write: ['itil'], delete: ['admin'] };

export const scItemOption: TableDefinition = {
  name: 'sc_item_option',
  label: 'Options',
  audited: true,
  fields: [
    { element: 'item_option_new', label: 'Question', type: 'reference', reference: 'item_option_new' },
    { element: 'value', label: 'Value', type: 'string', maxLength: 65_000 },
    { element: 'order', label: 'Order', type: 'integer', default: '0' },
  ],
  access,
};

export const scItemOptionMtom: TableDefinition = {
  name: 'sc_item_option_mtom',
  label: 'Variable Ownership',
  fields: [
    { element: 'request_item', label: 'Parent item', type: 'reference', reference: 'sc_req_item', whenGone: 'delete' },
    { element: 'sc_item_option', label: 'Dependent item', type: 'reference', reference: 'sc_item_option', whenGone: 'delete' },
  ],
  indexes: [{ columns: ['request_item'] }, { columns: ['sc_item_option'] }],
  access,
};
