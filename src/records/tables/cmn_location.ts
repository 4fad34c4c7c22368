// Places.
import type { TableDefinition } from '../definition.ts';

export const cmnLocation: TableDefinition = {
  name: 'cmn_location',
  label: 'Location',
  extendable: true,
  fields: [
    { element: 'name', label: 'Name', type: 'string', maxLength: 100, display: true },
    { element: 'street', label: 'Street', type: 'string', maxLength: 255 },
    { element: 'city', label: 'City', type: 'string', maxLength: 40 },
    { element: 'state', label: 'State / Province', type: 'string', maxLength: 40 },
    { element: 'zip', label: 'Zip / Postal code', type: 'string', maxLength: 40 },
    { element: 'country', label: 'Country', type: 'string', maxLength: 40 },
    { element: 'time_zone', label: 'Time zone', type: 'string', maxLength: 60 },
    { element: 'parent', label: 'Parent', type: 'reference', reference: 'cmn_location' },
  ],
  indexes: [{ columns: ['name'] }],
  access: { read: 'any', create: ['user_admin'], write: ['user_admin'], delete: ['admin'] },
};
