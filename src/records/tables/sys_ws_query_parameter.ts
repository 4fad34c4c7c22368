// Query parameters that an operation of a scripted REST API declares. They describe: nothing is refused because of them.
import type { TableDefinition } from '../definition.ts';
import { scriptedApiAccess } from './sys_ws_definition.ts';

export const sysWsQueryParameter: TableDefinition = {
  name: 'sys_ws_query_parameter',
  label: 'Scripted REST Query Parameter',
  audited: true,
  fields: [
    { element: 'name', label: 'Name', type: 'string', maxLength: 100, display: true, mandatory: true },
    {
      element: 'web_service_operation',
      label: 'Resource',
      type: 'reference',
      reference: 'sys_ws_operation',
      whenGone: 'delete',
      mandatory: true,
    },
    { element: 'is_required', label: 'Mandatory', type: 'boolean', default: 'false' },
    { element: 'example_value', label: 'Example value', type: 'string', maxLength: 1000 },
    { element: 'short_description', label: 'Short description', type: 'string', maxLength: 1000 },
  ],
  indexes: [{ columns: ['web_service_operation'] }],
  access: scriptedApiAccess,
};
