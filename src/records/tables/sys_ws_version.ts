// Versions of a scripted REST API: each has operations of its own and answers under its own segment.
import type { TableDefinition } from '../definition.ts';
import { scriptedApiAccess } from './sys_ws_definition.ts';

export const sysWsVersion: TableDefinition = {
  name: 'sys_ws_version',
  label: 'Scripted REST Version',
  audited: true,
  fields: [
    {
      element: 'web_service_definition',
      label: 'Web service definition',
      type: 'reference',
      reference: 'sys_ws_definition',
      whenGone: 'delete',
      mandatory: true,
    },
    { element: 'version', label: 'Version number', type: 'integer' },
    { element: 'version_id', label: 'Version', type: 'string', maxLength: 40, display: true, readOnly: true },
    { element: 'is_default', label: 'Default', type: 'boolean', default: 'false' },
    { element: 'active', label: 'Active', type: 'boolean', default: 'true' },
    { element: 'deprecated', label: 'Deprecated', type: 'boolean', default: 'false' },
    { element: 'short_description', label: 'Short description', type: 'string', maxLength: 1000 },
  ],
  indexes: [{ columns: ['web_service_definition', 'version'], unique: true }],
  access: scriptedApiAccess,
};
