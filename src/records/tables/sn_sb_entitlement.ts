// What a consumer may use of a provider, and which revision of it the consumer has activated; 0: none yet.
import type { TableDefinition } from '../definition.ts';
import { exchangeReaders } from './sn_sb_connection.ts';

export const snSbEntitlement: TableDefinition = {
  name: 'sn_sb_entitlement',
  label: 'Entitlement',
  extendable: true,
  fields: [
    { element: 'connection', label: 'Connection', type: 'reference', reference: 'sn_sb_connection', whenGone: 'delete' },
    { element: 'entity', label: 'Entity', type: 'reference', reference: 'sn_sb_remote_task_def', whenGone: 'delete' },
    {
      element: 'status',
      label: 'Status',
      type: 'string',
      maxLength: 20,
      default: 'pending',
      choices: { pending: 'Pending', active: 'Active', withdrawn: 'Withdrawn' },
    },
    { element: 'revision', label: 'Revision', type: 'integer', default: '0' },
    { element: 'consumer_active_revision', label: 'Consumer active revision', type: 'integer', default: '0' },
  ],
  indexes: [{ columns: ['connection', 'entity'], unique: true }],
  access: { read: exchangeReaders, create: [], write: [], delete: [] },
};

export const snSbProEntitlement: TableDefinition = {
  name: 'sn_sb_pro_entitlement',
  label: 'Provider Entitlement',
  extends: 'sn_sb_entitlement',
  fields: [],
};

export const snSbConEntitlement: TableDefinition = {
  name: 'sn_sb_con_entitlement',
  label: 'Consumer Entitlement',
  extends: 'sn_sb_entitlement',
  fields: [],
};
