// What people order: the catalogue's items, a request, its items and the tasks of delivering them. No workflow runs by itself.
import type { TableDefinition } from '../definition.ts';

const access: TableDefinition['access'] = { read: ['itil'], create: ['itil'], write: ['itil'], delete: ['admin'] };

const ownRequests =
  'requested_for=javascript:gs.getUserID()^ORopened_by=javascript:gs.getUserID()^ORassigned_to=javascript:gs.getUserID()';

export const scCatItem: TableDefinition = {
  name: 'sc_cat_item',
  label: 'Catalog Item',
  extendable: true,
  audited: true,
  fields: [
    { element: 'name', label: 'Name', type: 'string', maxLength: 100, display: true },
    { element: 'short_description', label: 'Short description', type: 'string', maxLength: 200 },
    { element: 'description', label: 'Description', type: 'html', maxLength: 65_000 },
    { element: 'active', label: 'Active', type: 'boolean', default: 'true' },
    { element: 'order', label: 'Order', type: 'integer', default: '0' },
    { element: 'price', label: 'Price', type: 'decimal' },
    { element: 'recurring_price', label: 'Recurring price', type: 'decimal' },
    { element: 'owner', label: 'Owner', type: 'reference', reference: 'sys_user' },
    { element: 'vendor', label: 'Vendor', type: 'reference', reference: 'core_company' },
    { element: 'model', label: 'Model', type: 'reference', reference: 'cmdb_model' },
    { element: 'group', label: 'Fulfillment group', type: 'reference', reference: 'sys_user_group' },
    { element: 'delivery_time', label: 'Delivery time', type: 'glide_duration' },
    { element: 'sc_catalogs', label: 'Catalogs', type: 'glide_list', reference: 'sc_catalog' },
    { element: 'category', label: 'Category', type: 'reference', reference: 'sc_category' },
  ],
  indexes: [{ columns: ['name'] }],
  access: {
    read: 'any',
    create: ['admin', 'catalog_admin'],
    write: ['admin', 'catalog_admin'],
    delete: ['admin', 'catalog_admin'],
  },
};

export const scRequest: TableDefinition = {
  name: 'sc_request',
  label: 'Request',
  extends: 'task',
  extendable: true,
  numberPrefix: 'REQ',
  audited: true,
  fields: [
    {
      element: 'request_state',
      label: 'Request state',
      type: 'string',
      default: 'requested',
      choices: {
        requested: 'Pending Approval',
        in_process: 'Approved',
        closed_complete: 'Closed Complete',
        closed_incomplete: 'Closed Incomplete',
        closed_cancelled: 'Closed Cancelled',
        closed_rejected: 'Closed Rejected',
      },
    },
    {
      element: 'stage',
      label: 'Stage',
      type: 'string',
      default: 'requested',
      choice: 2,
      choices: {
        requested: 'Requested',
        delivery: 'Delivery',
        closed_complete: 'Completed',
        closed_incomplete: 'Closed Incomplete',
      },
    },
    {
      element: 'requested_for',
      label: 'Requested for',
      type: 'reference',
      reference: 'sys_user',
      default: 'javascript:gs.getUserID()',
    },
    { element: 'requested_date', label: 'Requested for date', type: 'glide_date_time' },
    { element: 'delivery_address', label: 'Delivery address', type: 'string', maxLength: 4000 },
    { element: 'special_instructions', label: 'Special instructions', type: 'string', maxLength: 4000 },
    { element: 'price', label: 'Price', type: 'decimal', default: '0' },
    { element: 'calendar_stc', label: 'Resolve time', type: 'integer' },
    { element: 'parent_interaction', label: 'Interaction', type: 'reference', reference: 'interaction', whenGone: 'none' },
  ],
  indexes: [{ columns: ['requested_for', 'sys_id'] }, { columns: ['request_state', 'sys_id'] }],
  access,
  rowAccess: { read: ownRequests },
};

export const scReqItem: TableDefinition = {
  name: 'sc_req_item',
  label: 'Requested Item',
  extends: 'task',
  extendable: true,
  numberPrefix: 'RITM',
  audited: true,
  fields: [
    { element: 'request', label: 'Request', type: 'reference', reference: 'sc_request' },
    { element: 'cat_item', label: 'Item', type: 'reference', reference: 'sc_cat_item' },
    {
      element: 'stage',
      label: 'Stage',
      type: 'string',
      choice: 2,
      choices: {
        waiting_for_approval: 'Waiting for Approval',
        fulfillment: 'Fulfillment',
        delivery: 'Delivery',
        completed: 'Completed',
        request_cancelled: 'Request Cancelled',
      },
    },
    { element: 'requested_for', label: 'Requested for', type: 'reference', reference: 'sys_user' },
    { element: 'quantity', label: 'Quantity', type: 'integer', default: '1' },
    { element: 'price', label: 'Price', type: 'decimal', default: '0' },
    { element: 'recurring_price', label: 'Recurring price', type: 'decimal', default: '0' },
    { element: 'estimated_delivery', label: 'Estimated delivery', type: 'glide_date_time' },
    { element: 'backordered', label: 'Backordered', type: 'boolean' },
    { element: 'billable', label: 'Billable', type: 'boolean' },
    { element: 'configuration_item', label: 'Configuration item', type: 'reference', reference: 'cmdb_ci' },
  ],
  indexes: [{ columns: ['request'] }, { columns: ['cat_item'] }, { columns: ['requested_for', 'sys_id'] }],
  access,
  rowAccess: { read: ownRequests },
};

export const scTask: TableDefinition = {
  name: 'sc_task',
  label: 'Catalog Task',
  extends: 'task',
  extendable: true,
  numberPrefix: 'SCTASK',
  audited: true,
  fields: [
    { element: 'request', label: 'Request', type: 'reference', reference: 'sc_request' },
    { element: 'request_item', label: 'Request item', type: 'reference', reference: 'sc_req_item' },
    { element: 'calendar_stc', label: 'Resolve time', type: 'integer' },
  ],
  indexes: [{ columns: ['request'] }, { columns: ['request_item'] }],
};
