// The tie between a task here and its counterpart at a peer. It has the same number on both sides.
import type { FieldDefinition, TableDefinition } from '../definition.ts';

/** What a tie to a peer says of itself, whatever kind of task it is. */
export const tieFields: readonly FieldDefinition[] = [
  {
    element: 'status',
    label: 'Status',
    type: 'string',
    maxLength: 20,
    default: 'new',
    choices: { new: 'New', connected: 'Connected', disconnected: 'Disconnected', error: 'Error' },
  },
  { element: 'status_reason', label: 'Status reason', type: 'string', maxLength: 1000, readOnly: true },
  { element: 'refusal_code', label: 'Refusal', type: 'string', maxLength: 100, readOnly: true },
  { element: 'refusal_detail', label: 'Refusal detail', type: 'string', maxLength: 1000, readOnly: true },
];

export const snSbRemoteTask: TableDefinition = {
  name: 'sn_sb_remote_task',
  label: 'Remote Task',
  extends: 'task',
  extendable: true,
  fields: [
    // Demanded when it is made; empty where the definition was deleted.
    { element: 'definition', label: 'Definition', type: 'reference', reference: 'sn_sb_remote_task_def' },
    {
      element: 'connection',
      label: 'Connection',
      type: 'reference',
      reference: 'sn_sb_connection',
      mandatory: true,
      whenGone: 'clear',
    },
    ...tieFields,
    { element: 'journal_cursor', label: 'Journal cursor', type: 'token_id', maxLength: 32, readOnly: true },
    // Comments and files from before the tie: only where somebody asks for them when it is made.
    { element: 'send_history', label: 'Send history', type: 'boolean', default: 'false' },
    { element: 'disconnected_at', label: 'Disconnected', type: 'glide_date_time', readOnly: true },
    // Parent and definition in one, so that the database itself refuses a second one.
    { element: 'pair_key', label: 'Pair', type: 'token_id', maxLength: 65, readOnly: true },
  ],
  indexes: [{ columns: ['pair_key'], unique: true }, { columns: ['connection', 'status'] }, { columns: ['definition'] }],
  access: {
    read: ['itil', 'sn_sb.admin', 'sn_sb.read', 'sn_sb.remote_task_creator'],
    create: ['sn_sb.admin', 'sn_sb.remote_task_creator'],
    write: ['sn_sb.admin', 'sn_sb.remote_task_creator'],
    delete: ['sn_sb.admin'],
  },
};

export const snSbProRemoteTask: TableDefinition = {
  name: 'sn_sb_pro_remote_task',
  label: 'Provider Remote Task',
  extends: 'sn_sb_remote_task',
  numberPrefix: 'PRT',
  fields: [],
};

export const snSbConRemoteTask: TableDefinition = {
  name: 'sn_sb_con_remote_task',
  label: 'Consumer Remote Task',
  extends: 'sn_sb_remote_task',
  numberPrefix: 'CRT',
  fields: [],
};
