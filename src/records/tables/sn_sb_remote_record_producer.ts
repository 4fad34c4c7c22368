// Something that another organisation delivers, as an item of the catalogue: the provider describes it, each consumer holds a copy that
// people there can order once somebody has activated it.
import type { FieldDefinition, TableDefinition } from '../definition.ts';
import { exchangeKeepers } from './sn_sb_connection.ts';
import { offeredCopyFields } from './sn_sb_remote_task_def.ts';

const state: FieldDefinition = {
  element: 'state',
  label: 'State',
  type: 'string',
  maxLength: 20,
  default: 'draft',
  choices: { draft: 'Draft', published: 'Published', inactive: 'Inactive', archived: 'Archived', retired: 'Retired' },
};

const access = { read: 'any', create: exchangeKeepers, write: exchangeKeepers, delete: exchangeKeepers } as const;

export const snSbRemoteRecordProducer: TableDefinition = {
  name: 'sn_sb_remote_record_producer',
  label: 'Remote Record Producer',
  extends: 'sc_cat_item_producer',
  extendable: true,
  audited: true,
  fields: [state, { element: 'revision', label: 'Revision', type: 'integer', default: '0', readOnly: true }],
  access,
};

export const snSbProRemoteRecordProducer: TableDefinition = {
  name: 'sn_sb_pro_remote_record_producer',
  label: 'Provider Remote Record Producer',
  extends: 'sn_sb_remote_record_producer',
  fields: [
    { element: 'consumers', label: 'Consumers', type: 'glide_list', reference: 'sn_sb_pro_consumer_connection', maxLength: 4000 },
  ],
};

export const snSbConRemoteRecordProducer: TableDefinition = {
  name: 'sn_sb_con_remote_record_producer',
  label: 'Consumer Remote Record Producer',
  extends: 'sn_sb_remote_record_producer',
  fields: [
    ...offeredCopyFields,
    // Stands where the original attaches a pre-flow: what is ordered waits here until its Sync is set to true.
    { element: 'wait_for_sync', label: 'Wait for Sync', type: 'boolean', default: 'false' },
  ],
  indexes: [{ columns: ['connection', 'provider_definition'], unique: true }],
};
