// What an organisation owns, licences among it, and the contracts about it.
import type { TableDefinition } from '../definition.ts';

const access: TableDefinition['access'] = { read: ['itil'], create: ['admin'], write: ['admin'], delete: ['admin'] };

export const almAsset: TableDefinition = {
  name: 'alm_asset',
  label: 'Asset',
  extendable: true,
  audited: true,
  fields: [
    { element: 'display_name', label: 'Display name', type: 'string', maxLength: 255, display: true },
    { element: 'asset_tag', label: 'Asset tag', type: 'string', maxLength: 40 },
    { element: 'serial_number', label: 'Serial number', type: 'string', maxLength: 255 },
    { element: 'model', label: 'Model', type: 'reference', reference: 'cmdb_model' },
    { element: 'model_category', label: 'Model category', type: 'reference', reference: 'cmdb_model_category' },
    { element: 'ci', label: 'Configuration Item', type: 'reference', reference: 'cmdb_ci' },
    { element: 'parent', label: 'Parent', type: 'reference', reference: 'alm_asset' },
    {
      element: 'install_status',
      label: 'State',
      type: 'integer',
      default: '1',
      choices: {
        '1': 'In use',
        '2': 'On order',
        '3': 'In maintenance',
        '6': 'In stock',
        '7': 'Retired',
        '8': 'Missing',
        '9': 'In transit',
        '10': 'Consumed',
        '11': 'Build',
      },
    },
    { element: 'substatus', label: 'Substate', type: 'string' },
    { element: 'quantity', label: 'Quantity', type: 'integer', default: '1' },
    { element: 'assigned', label: 'Assigned', type: 'glide_date_time' },
    { element: 'assigned_to', label: 'Assigned to', type: 'reference', reference: 'sys_user' },
    { element: 'managed_by', label: 'Managed by', type: 'reference', reference: 'sys_user' },
    { element: 'owned_by', label: 'Owned by', type: 'reference', reference: 'sys_user' },
    { element: 'support_group', label: 'Support group', type: 'reference', reference: 'sys_user_group' },
    { element: 'company', label: 'Company', type: 'reference', reference: 'core_company' },
    { element: 'department', label: 'Department', type: 'reference', reference: 'cmn_department' },
    { element: 'location', label: 'Location', type: 'reference', reference: 'cmn_location' },
    { element: 'vendor', label: 'Vendor', type: 'reference', reference: 'core_company' },
    { element: 'cost', label: 'Cost', type: 'decimal' },
    { element: 'install_date', label: 'Installed', type: 'glide_date_time' },
    { element: 'purchase_date', label: 'Purchased', type: 'glide_date' },
    { element: 'warranty_expiration', label: 'Warranty expiration', type: 'glide_date' },
    { element: 'comments', label: 'Comments', type: 'string', maxLength: 4000 },
  ],
  indexes: [{ columns: ['asset_tag'] }, { columns: ['serial_number'] }, { columns: ['ci'] }, { columns: ['parent'] }],
  access,
};

export const almLicense: TableDefinition = {
  name: 'alm_license',
  label: 'Software License',
  extends: 'alm_asset',
  extendable: true,
  fields: [
    { element: 'rights', label: 'Rights', type: 'integer' },
    { element: 'license_key', label: 'License key', type: 'string', maxLength: 255 },
    { element: 'start_date', label: 'Start date', type: 'glide_date' },
    { element: 'end_date', label: 'End date', type: 'glide_date' },
  ],
};

export const astContract: TableDefinition = {
  name: 'ast_contract',
  label: 'Contract',
  extendable: true,
  numberPrefix: 'CNTR',
  audited: true,
  fields: [
    { element: 'number', label: 'Number', type: 'string', display: true },
    { element: 'vendor_contract', label: 'Contract number', type: 'string', maxLength: 100 },
    { element: 'short_description', label: 'Short description', type: 'string', maxLength: 1000 },
    { element: 'description', label: 'Description', type: 'string', maxLength: 4000 },
    {
      element: 'state',
      label: 'State',
      type: 'string',
      default: 'draft',
      choices: { draft: 'Draft', active: 'Active', expired: 'Expired', cancelled: 'Canceled' },
    },
    { element: 'active', label: 'Active', type: 'boolean', default: 'true' },
    { element: 'vendor', label: 'Vendor', type: 'reference', reference: 'core_company' },
    { element: 'contract_administrator', label: 'Contract administrator', type: 'reference', reference: 'sys_user' },
    { element: 'parent', label: 'Parent contract', type: 'reference', reference: 'ast_contract' },
    { element: 'starts', label: 'Start date', type: 'glide_date' },
    { element: 'ends', label: 'End date', type: 'glide_date' },
    { element: 'payment_amount', label: 'Payment amount', type: 'decimal' },
    { element: 'total_cost', label: 'Total cost', type: 'decimal' },
  ],
  indexes: [{ columns: ['number'] }, { columns: ['parent'] }],
  access,
};
