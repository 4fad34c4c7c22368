// The fields of a remote task definition: what is sent, under which name, and where it goes. Nothing that is not listed leaves the house.
import type { TableDefinition } from '../definition.ts';
import { exchangeKeepers, exchangeReaders } from './sn_sb_connection.ts';

export const snSbRemoteTaskDefField: TableDefinition = {
  name: 'sn_sb_remote_task_def_field',
  label: 'Remote Task Definition Field',
  extendable: true,
  audited: true,
  fields: [
    {
      element: 'definition',
      label: 'Definition',
      type: 'reference',
      reference: 'sn_sb_remote_task_def',
      mandatory: true,
      whenGone: 'delete',
    },
    { element: 'name', label: 'Name', type: 'string', maxLength: 80, display: true, mandatory: true },
    { element: 'label', label: 'Label', type: 'string', maxLength: 100 },
    { element: 'source', label: 'Source', type: 'string', maxLength: 255, mandatory: true },
    { element: 'target', label: 'Target', type: 'string', maxLength: 80, mandatory: true },
    {
      element: 'sync_when',
      label: 'Sync when',
      type: 'string',
      maxLength: 20,
      default: 'insert_or_update',
      choices: { insert: 'Insert', insert_or_update: 'Insert or Update', never: 'Never' },
    },
    { element: 'active', label: 'Active', type: 'boolean', default: 'true' },
  ],
  indexes: [{ columns: ['sys_class_name', 'definition', 'name'], unique: true }],
  access: { read: exchangeReaders, create: exchangeKeepers, write: exchangeKeepers, delete: exchangeKeepers },
};

const kind = (name: string, label: string): TableDefinition => ({
  name,
  label,
  extends: 'sn_sb_remote_task_def_field',
  fields: [],
});

export const snSbProRemoteTaskDefInboundField = kind('sn_sb_pro_remote_task_def_inbound_field', 'Provider Inbound Field');
export const snSbProRemoteTaskDefOutboundField = kind('sn_sb_pro_remote_task_def_outbound_field', 'Provider Outbound Field');
export const snSbConRemoteTaskDefInboundField = kind('sn_sb_con_remote_task_def_inbound_field', 'Consumer Inbound Field');
export const snSbConRemoteTaskDefOutboundField = kind('sn_sb_con_remote_task_def_outbound_field', 'Consumer Outbound Field');
