// Models of what is owned, and the categories they are kept under.
import type { TableDefinition } from '../definition.ts';

const access: TableDefinition['access'] = { read: ['itil'], create: ['admin'], write: ['admin'], delete: ['admin'] };

export const cmdbModelCategory: TableDefinition = {
  name: 'cmdb_model_category',
  label: 'Model Category',
  fields: [
    { element: 'name', label: 'Name', type: 'string', maxLength: 100, display: true },
    { element: 'cmdb_ci_class', label: 'CI class', type: 'table_name', maxLength: 80 },
    { element: 'asset_class', label: 'Asset class', type: 'table_name', maxLength: 80 },
    { element: 'allow_pre_allocated', label: 'Allow pre-allocated', type: 'boolean' },
    { element: 'enforce_verification', label: 'Enforce CI verification', type: 'boolean' },
  ],
  indexes: [{ columns: ['name'] }],
  access,
};

export const cmdbModel: TableDefinition = {
  name: 'cmdb_model',
  label: 'Product Model',
  extendable: true,
  fields: [
    { element: 'display_name', label: 'Display name', type: 'string', maxLength: 255, display: true },
    { element: 'name', label: 'Name', type: 'string', maxLength: 255 },
    { element: 'model_number', label: 'Model number', type: 'string', maxLength: 255 },
    { element: 'manufacturer', label: 'Manufacturer', type: 'reference', reference: 'core_company' },
    { element: 'cmdb_model_category', label: 'Model categories', type: 'glide_list', reference: 'cmdb_model_category' },
    { element: 'short_description', label: 'Short description', type: 'string', maxLength: 1000 },
    { element: 'description', label: 'Description', type: 'html', maxLength: 65_000 },
    { element: 'status', label: 'Status', type: 'string' },
    { element: 'cost', label: 'Cost', type: 'decimal' },
    { element: 'owner', label: 'Owner', type: 'reference', reference: 'sys_user' },
  ],
  indexes: [{ columns: ['display_name'] }, { columns: ['name'] }],
  access,
};
