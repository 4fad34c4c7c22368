// Departments of companies.
import type { TableDefinition } from '../definition.ts';

export const cmnDepartment: TableDefinition = {
  name: 'cmn_department',
  label: 'Department',
  extendable: true,
  fields: [
    { element: 'name', label: 'Name', type: 'string', maxLength: 100, display: true },
    { element: 'id', label: 'ID', type: 'string', maxLength: 40 },
    { element: 'dept_head', label: 'Department head', type: 'reference', reference: 'sys_user' },
    { element: 'parent', label: 'Parent', type: 'reference', reference: 'cmn_department' },
    { element: 'company', label: 'Company', type: 'reference', reference: 'core_company' },
  ],
  indexes: [{ columns: ['name'] }],
  access: { read: 'any', create: ['user_admin'], write: ['user_admin'], delete: ['admin'] },
};
