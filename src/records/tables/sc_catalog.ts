// Where the items of the catalogue stand: catalogues, and the categories within them.
import type { TableDefinition } from '../definition.ts';

const keepers = ['admin', 'catalog_admin'];
const access: TableDefinition['access'] = { read: 'any', create: keepers, write: keepers, delete: keepers };

export const scCatalog: TableDefinition = {
  name: 'sc_catalog',
  label: 'Catalog',
  audited: true,
  fields: [
    { element: 'title', label: 'Title', type: 'string', maxLength: 100, display: true, mandatory: true },
    { element: 'description', label: 'Description', type: 'string', maxLength: 1000 },
    { element: 'active', label: 'Active', type: 'boolean', default: 'true' },
    { element: 'manager', label: 'Manager', type: 'reference', reference: 'sys_user' },
  ],
  access,
  // The sys_id by which scripts name it everywhere.
  rows: [{ sys_id: 'e0d08b13c3330100c8b837659bba8fb4', title: 'Service Catalog', description: 'What can be ordered here' }],
};

export const scCategory: TableDefinition = {
  name: 'sc_category',
  label: 'Category',
  audited: true,
  fields: [
    { element: 'title', label: 'Title', type: 'string', maxLength: 100, display: true, mandatory: true },
    { element: 'description', label: 'Description', type: 'string', maxLength: 1000 },
    { element: 'active', label: 'Active', type: 'boolean', default: 'true' },
    { element: 'order', label: 'Order', type: 'integer', default: '0' },
    { element: 'sc_catalog', label: 'Catalog', type: 'reference', reference: 'sc_catalog', mandatory: true, whenGone: 'delete' },
    { element: 'parent', label: 'Parent', type: 'reference', reference: 'sc_category' },
  ],
  indexes: [{ columns: ['sc_catalog'] }],
  access,
};
