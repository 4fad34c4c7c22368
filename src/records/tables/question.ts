// What is asked when something is ordered: the variables of catalog items, and the answers that may be chosen.
import type { FieldDefinition, TableDefinition } from '../definition.ts';

const keepers = ['admin', 'catalog_admin'];
const access: TableDefinition['access'] = { read: 'any', create: keepers, write: keepers, delete: keepers };

/** Kinds of variables that this instance can ask, by the original's numbers. */
const kinds: FieldDefinition = {
  element: 'type',
  label: 'Type',
  type: 'string',
  maxLength: 40,
  default: '6',
  // Others are kept as they are: a form may come from elsewhere, and is looked at when it is to be used.
  choice: 2,
  choices: {
    '1': 'Yes / No',
    '2': 'Multi Line Text',
    '3': 'Multiple Choice',
    '5': 'Select Box',
    '6': 'Single Line Text',
    '7': 'CheckBox',
    '9': 'Date',
    '10': 'Date/Time',
    '16': 'Wide Single Line Text',
    '26': 'Email',
  },
};

export const question: TableDefinition = {
  name: 'question',
  label: 'Question',
  extendable: true,
  audited: true,
  fields: [
    { element: 'name', label: 'Name', type: 'string', maxLength: 100 },
    { element: 'question_text', label: 'Question', type: 'string', maxLength: 1000, display: true },
    kinds,
    { element: 'mandatory', label: 'Mandatory', type: 'boolean', default: 'false' },
    { element: 'order', label: 'Order', type: 'integer', default: '100' },
    { element: 'default_value', label: 'Default value', type: 'string', maxLength: 4000 },
    { element: 'help_text', label: 'Help text', type: 'string', maxLength: 1000 },
    { element: 'active', label: 'Active', type: 'boolean', default: 'true' },
  ],
  access,
};

export const itemOptionNew: TableDefinition = {
  name: 'item_option_new',
  label: 'Variable',
  extends: 'question',
  fields: [
    { element: 'cat_item', label: 'Catalog item', type: 'reference', reference: 'sc_cat_item', whenGone: 'delete' },
    { element: 'map_to_field', label: 'Map to field', type: 'boolean', default: 'false' },
    { element: 'field', label: 'Field', type: 'string', maxLength: 80 },
  ],
  indexes: [{ columns: ['cat_item'] }],
};

export const questionChoice: TableDefinition = {
  name: 'question_choice',
  label: 'Question Choice',
  audited: true,
  fields: [
    { element: 'question', label: 'Question', type: 'reference', reference: 'question', mandatory: true, whenGone: 'delete' },
    { element: 'text', label: 'Text', type: 'string', maxLength: 1000, display: true },
    { element: 'value', label: 'Value', type: 'string', maxLength: 1000 },
    { element: 'order', label: 'Order', type: 'integer', default: '100' },
    { element: 'inactive', label: 'Inactive', type: 'boolean', default: 'false' },
  ],
  indexes: [{ columns: ['question', 'value'], unique: true }],
  access,
};
