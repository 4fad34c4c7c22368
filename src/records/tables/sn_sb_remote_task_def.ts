// What two organisations agreed to keep equal: which table here, which there, and what to do when both change the same field.
// Providers write definitions; a consumer holds a copy for each provider, which it looks at and activates.
import type { FieldDefinition, TableDefinition } from '../definition.ts';
import { exchangeKeepers, exchangeReaders } from './sn_sb_connection.ts';

const access = { read: exchangeReaders, create: exchangeKeepers, write: exchangeKeepers, delete: exchangeKeepers };

/** What a consumer's copy of something offered says of where it comes from. */
export const offeredCopyFields: readonly FieldDefinition[] = [
  {
    element: 'connection',
    label: 'Connection',
    type: 'reference',
    reference: 'sn_sb_con_provider_connection',
    readOnly: true,
    whenGone: 'delete',
  },
  { element: 'provider_definition', label: "Provider's definition", type: 'token_id', maxLength: 32, readOnly: true },
  { element: 'active_revision', label: 'Active revision', type: 'integer', default: '0' },
  { element: 'offered_revision', label: 'Offered revision', type: 'integer', default: '0', readOnly: true },
  { element: 'offered', label: 'Offered configuration', type: 'string', maxLength: 65000, readOnly: true },
];

export const snSbRemoteTaskDef: TableDefinition = {
  name: 'sn_sb_remote_task_def',
  label: 'Remote Task Definition',
  extendable: true,
  audited: true,
  fields: [
    { element: 'name', label: 'Name', type: 'string', maxLength: 100, display: true, mandatory: true },
    { element: 'description', label: 'Description', type: 'string', maxLength: 1000 },
    { element: 'provider_table', label: 'Provider table', type: 'table_name', maxLength: 80, mandatory: true },
    { element: 'consumer_table', label: 'Consumer table', type: 'table_name', maxLength: 80, mandatory: true },
    {
      element: 'state',
      label: 'State',
      type: 'string',
      maxLength: 20,
      default: 'draft',
      choices: { draft: 'Draft', published: 'Published', inactive: 'Inactive', archived: 'Archived', retired: 'Retired' },
    },
    {
      element: 'conflict_winner',
      label: 'When both changed a field',
      type: 'string',
      maxLength: 20,
      default: 'latest',
      choices: { latest: 'The later change wins', provider: 'The provider wins', consumer: 'The consumer wins' },
    },
    { element: 'send_attachments', label: 'Send attachments', type: 'boolean', default: 'false' },
    { element: 'maintain_sys_id', label: 'Maintain SysID', type: 'boolean', default: 'false' },
    { element: 'revision', label: 'Revision', type: 'integer', default: '0', readOnly: true },
  ],
  access,
};

export const snSbProRemoteTaskDef: TableDefinition = {
  name: 'sn_sb_pro_remote_task_def',
  label: 'Provider Remote Task Definition',
  extends: 'sn_sb_remote_task_def',
  fields: [
    { element: 'consumers', label: 'Consumers', type: 'glide_list', reference: 'sn_sb_pro_consumer_connection', maxLength: 4000 },
  ],
};

export const snSbConRemoteTaskDef: TableDefinition = {
  name: 'sn_sb_con_remote_task_def',
  label: 'Consumer Remote Task Definition',
  extends: 'sn_sb_remote_task_def',
  fields: [
    ...offeredCopyFields,
    { element: 'trigger_active', label: 'Make remote tasks by itself', type: 'boolean', default: 'false' },
    // Encoded query over the consumer's table.
    { element: 'trigger_condition', label: 'For records where', type: 'string', maxLength: 4000 },
  ],
  indexes: [{ columns: ['connection', 'provider_definition'], unique: true }, { columns: ['trigger_active'] }],
};
