// Roles. An elevated one is never given by a rule, an import or a claim, only by hand.
import type { TableDefinition } from '../definition.ts';
import { seedId } from '../seed_id.ts';

const roles: Readonly<Record<string, string>> = {
  admin: 'May do everything that is not closed to everybody',
  security_admin: 'May change who may do what',
  itil: 'Works on incidents and other tasks',
  user_admin: 'Keeps users and groups, and gives roles other than admin',
  oauth_admin: 'Registers applications and OpenID Connect providers',
  mi_admin: 'Keeps machine identities',
  rest_api_explorer: 'May look through the REST APIs',
  web_service_admin: 'Keeps scripted REST APIs',
  import_admin: 'Keeps import sets, data sources and transform maps',
  import_transformer: 'May transform import sets',
  personalize_dictionary: 'Keeps tables, fields and choices',
  rate_limit_admin: 'Keeps the rules of how many calls an hour are allowed',
  snc_read_only: 'May look at everything and change nothing; gets no tokens',
  snc_internal: 'Held by everyone inside the organisation',
  snc_external: 'Held by people outside the organisation',
  snc_basic_auth_api_access: 'May use Basic authentication where it is restricted',
  query_no_domain_table_api: 'May query across domains',
  'sn_transport.admin': 'Watches and repairs the transport queue',
  'sn_sb.admin': 'Keeps connections to other organisations',
  'sn_sb.read': 'Looks at connections to other organisations',
  catalog_admin: 'Keeps the service catalog',
  'sn_sb.requestor': 'Orders what other organisations offer',
  'sn_sb.remote_task_creator': 'Ties tasks to tasks of other organisations',
  'sn_sb.integration': 'Held by the integration user of a connection: may call the exchange and nothing else',
  nobody: 'Held by no one',
  public: 'Held by everyone, signed in or not',
};

export const roleId = (name: string): string => seedId('sys_user_role', name);

export const sysUserRole: TableDefinition = {
  name: 'sys_user_role',
  label: 'Role',
  audited: true,
  fields: [
    { element: 'name', label: 'Name', type: 'string', maxLength: 100, display: true, unique: true, mandatory: true },
    { element: 'description', label: 'Description', type: 'string', maxLength: 1000 },
    { element: 'elevated_privilege', label: 'Elevated privilege', type: 'boolean' },
    { element: 'assignable_by', label: 'Assignable by', type: 'reference', reference: 'sys_user_role' },
    { element: 'grantable', label: 'Grantable', type: 'boolean', default: 'true' },
    { element: 'can_delegate', label: 'Can delegate', type: 'boolean' },
    { element: 'suffix', label: 'Suffix', type: 'string', maxLength: 100 },
    { element: 'requires_subscription', label: 'Subscription Requirement', type: 'string', maxLength: 40 },
    { element: 'includes_roles', label: 'Includes roles', type: 'user_roles', maxLength: 1000, readOnly: true },
  ],
  access: { read: 'any' },
  rows: Object.entries(roles).map(([name, description]) => ({
    sys_id: roleId(name),
    name,
    description,
    elevated_privilege: name === 'security_admin' ? 'true' : 'false',
    grantable: name === 'nobody' || name === 'public' ? 'false' : 'true',
  })),
};
