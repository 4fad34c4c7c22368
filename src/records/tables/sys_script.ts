// Business rules as records, so that clients can list and keep them. Nothing here is ever run.
import type { TableDefinition } from '../definition.ts';

const flag = (element: string, label: string) => ({ element, label, type: 'boolean' });

export const sysScript: TableDefinition = {
  name: 'sys_script',
  label: 'Business Rule',
  audited: true,
  fields: [
    { element: 'name', label: 'Name', type: 'string', maxLength: 40, display: true },
    { element: 'collection', label: 'Table', type: 'table_name', maxLength: 80 },
    {
      element: 'when',
      label: 'When',
      type: 'string',
      default: 'before',
      choices: { before: 'before', after: 'after', async: 'async', display: 'display' },
    },
    { element: 'order', label: 'Order', type: 'integer', default: '100' },
    { element: 'active', label: 'Active', type: 'boolean', default: 'true' },
    flag('advanced', 'Advanced'),
    flag('action_insert', 'Insert'),
    flag('action_update', 'Update'),
    flag('action_delete', 'Delete'),
    flag('action_query', 'Query'),
    { element: 'condition', label: 'Condition', type: 'string', maxLength: 254 },
    { element: 'filter_condition', label: 'Filter Conditions', type: 'conditions', maxLength: 4000 },
    { element: 'script', label: 'Script', type: 'script', maxLength: 1_048_576, attributes: 'no_truncate=true' },
    { element: 'description', label: 'Description', type: 'string', maxLength: 4000 },
    flag('abort_action', 'Abort action'),
    flag('add_message', 'Add message'),
    { element: 'message', label: 'Message', type: 'html', maxLength: 4000 },
  ],
  indexes: [{ columns: ['collection'] }],
  access: { read: ['admin'], create: ['admin'], write: ['admin'], delete: ['admin'] },
};
