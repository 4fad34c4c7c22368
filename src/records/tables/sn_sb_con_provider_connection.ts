// A connection in which this instance is the consumer.
import type { TableDefinition } from '../definition.ts';

export const snSbConProviderConnection: TableDefinition = {
  name: 'sn_sb_con_provider_connection',
  label: 'Provider Connection',
  extends: 'sn_sb_connection',
  fields: [{ element: 'remote_registration', label: 'Remote registration', type: 'token_id', maxLength: 32, readOnly: true }],
};
