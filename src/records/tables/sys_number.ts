// Prefix and next number of each numbered table.
import type { TableDefinition } from '../definition.ts';

export const sysNumber: TableDefinition = {
  name: 'sys_number',
  label: 'Number',
  fields: [
    {
      element: 'category',
      label: 'Table',
      type: 'reference',
      reference: 'sys_db_object',
      referenceKey: 'name',
      unique: true,
      mandatory: true,
    },
    { element: 'prefix', label: 'Prefix', type: 'string', maxLength: 40, display: true },
    { element: 'number', label: 'Number', type: 'integer', default: '10001' },
    { element: 'maximum_digits', label: 'Number of digits', type: 'integer', default: '7' },
  ],
  access: { read: 'any' },
};
