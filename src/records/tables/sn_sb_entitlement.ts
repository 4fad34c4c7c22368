// What a consumer may use of a provider, and which revision of it the consumer has activated; 0: none yet.
import type { TableDefinition } from '../definition.ts';
import { exchangeReaders } from './sn_sb_connection.ts';

export const snSbEntitlement: TableDefinition = {
  name: 'sn_sb_entitlement',
  label: 'Entitlement',
  extendable: true,
  fields: [
    { element: 'connection', label: 'Connection', type: 'reference', reference: 'sn_sb_connection', whenGone: 'delete' },
    // A definition or an item of the catalogue; gone with it by a rule of the exchange.
    { element: 'entity_table', label: 'Entity table', type: 'table_name', maxLength: 80 },
    { element: 'entity', label: 'Entity', type: 'document_id' },
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
