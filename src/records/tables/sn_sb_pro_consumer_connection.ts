// A connection in which this instance is the provider.
import type { TableDefinition } from '../definition.ts';

export const snSbProConsumerConnection: TableDefinition = {
  name: 'sn_sb_pro_consumer_connection',
  label: 'Consumer Connection',
  extends: 'sn_sb_connection',
  fields: [
    {
      element: 'registration',
      label: 'Registration',
      type: 'reference',
      reference: 'sn_sb_pro_registration',
      readOnly: true,
    },
  ],
};
