// Companies that users, tasks and peers belong to.
import type { TableDefinition } from '../definition.ts';

export const coreCompany: TableDefinition = {
  name: 'core_company',
  label: 'Company',
  extendable: true,
  fields: [
    { element: 'name', label: 'Name', type: 'string', maxLength: 80, display: true },
    { element: 'city', label: 'City', type: 'string', maxLength: 50 },
    { element: 'country', label: 'Country', type: 'string', maxLength: 40 },
    { element: 'website', label: 'Website', type: 'url', maxLength: 1024 },
    { element: 'parent', label: 'Parent', type: 'reference', reference: 'core_company' },
  ],
  indexes: [{ columns: ['name'] }],
  access: { read: 'any', create: ['user_admin'], write: ['user_admin'], delete: ['admin'] },
};
