// Each published revision of a definition or an item as it was then: a consumer goes by the revision that it has activated, whatever the
// provider works on meanwhile. Kept by the exchange alone.
import type { TableDefinition } from '../definition.ts';
import { exchangeReaders } from './sn_sb_connection.ts';

export const snSbRelease: TableDefinition = {
  name: 'sn_sb_release',
  label: 'Release',
  fields: [
    { element: 'entity_table', label: 'Entity table', type: 'table_name', maxLength: 80 },
    { element: 'entity', label: 'Entity', type: 'document_id' },
    { element: 'revision', label: 'Revision', type: 'integer' },
    { element: 'content', label: 'Content', type: 'string', maxLength: 65_000 },
  ],
  indexes: [{ columns: ['entity', 'revision'], unique: true }],
  access: { read: exchangeReaders, create: [], write: [], delete: [] },
};
