// Operations of scripted REST APIs: a method, a path, and the script that answers there.
import type { TableDefinition } from '../definition.ts';
import { mediaTypes, scriptedApiAccess } from './sys_ws_definition.ts';

const sampleScript = `(function process(/*RESTAPIRequest*/ request, /*RESTAPIResponse*/ response) {

})(request, response);`;

export const sysWsOperation: TableDefinition = {
  name: 'sys_ws_operation',
  label: 'Scripted REST Resource',
  audited: true,
  fields: [
    { element: 'name', label: 'Name', type: 'string', maxLength: 100, display: true, mandatory: true },
    {
      element: 'web_service_definition',
      label: 'API definition',
      type: 'reference',
      reference: 'sys_ws_definition',
      whenGone: 'delete',
      mandatory: true,
    },
    { element: 'web_service_version', label: 'API version', type: 'reference', reference: 'sys_ws_version', whenGone: 'delete' },
    {
      element: 'http_method',
      label: 'HTTP method',
      type: 'string',
      maxLength: 10,
      default: 'GET',
      choices: { GET: 'GET', POST: 'POST', PUT: 'PUT', PATCH: 'PATCH', DELETE: 'DELETE' },
    },
    { element: 'relative_path', label: 'Relative path', type: 'string', maxLength: 255, default: '/' },
    { element: 'operation_uri', label: 'Resource path', type: 'string', maxLength: 1000, readOnly: true },
    {
      element: 'operation_script',
      label: 'Script',
      type: 'script_plain',
      maxLength: 1_048_576,
      default: sampleScript,
      attributes: 'no_truncate=true',
    },
    { element: 'active', label: 'Active', type: 'boolean', default: 'true' },
    { element: 'requires_authentication', label: 'Requires authentication', type: 'boolean', default: 'true' },
    { element: 'requires_acl_authorization', label: 'Requires ACL authorization', type: 'boolean', default: 'true' },
    { element: 'requires_snc_internal_role', label: 'Requires SNC internal role', type: 'boolean', default: 'false' },
    { element: 'enforce_acl', label: 'ACLs', type: 'glide_list', reference: 'sys_security_acl' },
    mediaTypes('consumes', 'Supported request formats'),
    mediaTypes('produces', 'Supported response formats'),
    { element: 'short_description', label: 'Short description', type: 'string', maxLength: 1000 },
  ],
  indexes: [{ columns: ['web_service_definition'] }, { columns: ['web_service_version'] }],
  access: scriptedApiAccess,
};
