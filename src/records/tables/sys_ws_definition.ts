// Scripted REST APIs: each is a service under a namespace, with versions and operations of its own.
import type { FieldDefinition, TableDefinition } from '../definition.ts';

/** Who keeps scripted REST APIs; a script runs with its caller's rights, so reading one is not for everybody either. */
export const scriptedApiAccess: NonNullable<TableDefinition['access']> = {
  read: ['web_service_admin'],
  create: ['web_service_admin'],
  write: ['web_service_admin'],
  delete: ['web_service_admin'],
};

/** Space for several media types, separated by commas. */
export const mediaTypes = (element: string, label: string, standard?: string): FieldDefinition => ({
  element,
  label,
  type: 'string',
  maxLength: 1000,
  ...(standard === undefined ? {} : { default: standard }),
});

export const standardMediaTypes = 'application/json,application/xml,text/xml';

export const sysWsDefinition: TableDefinition = {
  name: 'sys_ws_definition',
  label: 'Scripted REST API',
  audited: true,
  fields: [
    { element: 'name', label: 'Name', type: 'string', maxLength: 100, display: true, mandatory: true },
    { element: 'service_id', label: 'API ID', type: 'string', maxLength: 80, mandatory: true },
    { element: 'namespace', label: 'API namespace', type: 'string', maxLength: 80 },
    { element: 'base_uri', label: 'Base API path', type: 'string', maxLength: 255, readOnly: true },
    { element: 'sys_scope', label: 'Application', type: 'string', maxLength: 80, default: 'global' },
    { element: 'active', label: 'Active', type: 'boolean', default: 'true' },
    { element: 'is_versioned', label: 'Is versioned', type: 'boolean', default: 'false' },
    mediaTypes('consumes', 'Supported request formats', standardMediaTypes),
    mediaTypes('produces', 'Supported response formats', standardMediaTypes),
    { element: 'enforce_acl', label: 'Default ACLs', type: 'glide_list', reference: 'sys_security_acl' },
    { element: 'short_description', label: 'Short description', type: 'string', maxLength: 1000 },
    { element: 'doc_link', label: 'Documentation link', type: 'url', maxLength: 1024 },
  ],
  indexes: [{ columns: ['namespace', 'service_id'], unique: true }],
  access: scriptedApiAccess,
};
