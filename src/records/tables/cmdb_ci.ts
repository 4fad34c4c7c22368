// What tasks are about: machines, services, applications.
import type { TableDefinition } from '../definition.ts';

export const cmdbCi: TableDefinition = {
  name: 'cmdb_ci',
  label: 'Configuration Item',
  extendable: true,
  fields: [
    { element: 'name', label: 'Name', type: 'string', maxLength: 255, display: true },
    { element: 'short_description', label: 'Description', type: 'string', maxLength: 1000 },
    { element: 'asset_tag', label: 'Asset tag', type: 'string', maxLength: 40 },
    { element: 'serial_number', label: 'Serial number', type: 'string', maxLength: 255 },
    { element: 'assigned_to', label: 'Assigned to', type: 'reference', reference: 'sys_user' },
    { element: 'location', label: 'Location', type: 'reference', reference: 'cmn_location' },
    { element: 'correlation_id', label: 'Correlation ID', type: 'string', maxLength: 512 },
  ],
  indexes: [{ columns: ['name'] }],
  access: { read: 'any', create: ['itil'], write: ['itil'], delete: ['admin'] },
};
