// Library scripts: code that transform scripts and scripted REST operations use by name.
import type { TableDefinition } from '../definition.ts';

export const sysScriptInclude: TableDefinition = {
  name: 'sys_script_include',
  label: 'Script Include',
  audited: true,
  fields: [
    { element: 'name', label: 'Name', type: 'string', maxLength: 80, display: true, unique: true, mandatory: true },
    { element: 'api_name', label: 'API Name', type: 'string', maxLength: 100 },
    { element: 'script', label: 'Script', type: 'script', maxLength: 1_048_576, attributes: 'no_truncate=true' },
    { element: 'description', label: 'Description', type: 'string', maxLength: 4000 },
    { element: 'active', label: 'Active', type: 'boolean', default: 'true' },
  ],
};
