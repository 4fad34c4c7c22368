// What was ordered of another organisation, or what that one opened by itself, on both sides: the same number and the same sys_id. The
// consumer follows it, the provider works on it or on the task behind it.
import type { TableDefinition } from '../definition.ts';
import { tieFields } from './sn_sb_remote_task.ts';

export const snSbProviderTask: TableDefinition = {
  name: 'sn_sb_provider_task',
  label: 'Provider Task',
  extends: 'task',
  extendable: true,
  audited: true,
  fields: [
    {
      element: 'connection',
      label: 'Connection',
      type: 'reference',
      reference: 'sn_sb_connection',
      mandatory: true,
    },
    {
      element: 'record_producer',
      label: 'Remote record producer',
      type: 'reference',
      reference: 'sn_sb_remote_record_producer',
      whenGone: 'none',
    },
    { element: 'item_revision', label: 'Revision of the item', type: 'integer', readOnly: true },
    { element: 'requested_for_name', label: 'Requested for', type: 'string', maxLength: 255, readOnly: true },
    { element: 'vars_json', label: 'Variables', type: 'string', maxLength: 65_000 },
    // false: it waits at the consumer, and nothing of it leaves.
    { element: 'sync', label: 'Sync', type: 'boolean', default: 'true' },
    ...tieFields.map((field) => (field.element === 'status' ? { ...field, readOnly: true } : field)),
  ],
  inheritedChoices: {
    state: { '1': 'Received', '2': 'Work in Progress', '6': 'Resolved', '3': 'Closed', '7': 'Cancelled' },
  },
  indexes: [{ columns: ['connection', 'status'] }],
  // Nobody lets his own order go.
  fieldAccess: { sync: { write: ['itil', 'sn_sb.admin'] } },
  access: {
    read: ['itil', 'sn_sb.admin', 'sn_sb.read'],
    create: ['nobody'],
    write: ['itil', 'sn_sb.admin'],
    delete: ['admin'],
  },
};

export const snSbProProviderTask: TableDefinition = {
  name: 'sn_sb_pro_provider_task',
  label: 'Provider Task of a Consumer',
  extends: 'sn_sb_provider_task',
  numberPrefix: 'PPT',
  fields: [],
  access: { create: ['sn_sb.remote_task_creator', 'sn_sb.admin'] },
};

export const snSbConProviderTask: TableDefinition = {
  name: 'sn_sb_con_provider_task',
  label: 'Provider Task of a Provider',
  extends: 'sn_sb_provider_task',
  numberPrefix: 'PVT',
  fields: [],
  access: { create: ['sn_sb.requestor', 'sn_sb.admin'] },
  // Whoever ordered it follows it up: accepts, rejects, cancels, and says something.
  rowAccess: {
    read: 'opened_by=javascript:gs.getUserID()^ORassigned_to=javascript:gs.getUserID()',
    write: 'opened_by=javascript:gs.getUserID()',
  },
};
