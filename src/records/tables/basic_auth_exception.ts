// People who call by password though the restriction of Basic is about them, and what was decided of each.
import type { TableDefinition } from '../definition.ts';
import { registryKeepers } from './oauth_entity.ts';

export const basicAuthException: TableDefinition = {
  name: 'basic_auth_exception',
  label: 'Basic Auth Exceptions',
  audited: true,
  fields: [
    {
      element: 'user',
      label: 'User',
      type: 'reference',
      reference: 'sys_user',
      whenGone: 'delete',
      unique: true,
      mandatory: true,
      display: true,
    },
    { element: 'department', label: 'Department', type: 'reference', reference: 'cmn_department', readOnly: true },
    { element: 'manager', label: 'Manager', type: 'reference', reference: 'sys_user', readOnly: true },
    { element: 'usage_count', label: 'Usage count', type: 'integer', default: '0', readOnly: true },
    {
      element: 'decision',
      label: 'Decision',
      type: 'string',
      default: 'default',
      choices: {
        default: 'Default',
        maintain: 'Maintain',
        revoke: 'Revoke',
        convert: 'Convert to web service access only',
      },
      attributes: 'strict=true',
    },
    { element: 'last_seen', label: 'Last seen', type: 'glide_date_time', readOnly: true },
  ],
  access: { read: registryKeepers, create: registryKeepers, write: registryKeepers, delete: registryKeepers },
};
