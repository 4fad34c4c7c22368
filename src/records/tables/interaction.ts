// One contact of a person with the service desk, whatever comes of it.
import type { TableDefinition } from '../definition.ts';

export const interaction: TableDefinition = {
  name: 'interaction',
  label: 'Interaction',
  extends: 'task',
  extendable: true,
  numberPrefix: 'IMS',
  audited: true,
  fields: [
    {
      element: 'type',
      label: 'Type',
      type: 'string',
      choice: 2,
      choices: { chat: 'Chat', phone: 'Phone', 'walk-in': 'Walk-in', email: 'Email' },
    },
    { element: 'opened_for', label: 'Opened for', type: 'reference', reference: 'sys_user' },
    { element: 'channel_metadata_table', label: 'Channel metadata table', type: 'table_name', maxLength: 80 },
    { element: 'virtual_agent', label: 'Virtual agent', type: 'boolean' },
    { element: 'transcript', label: 'Transcript', type: 'html', maxLength: 65_000 },
  ],
  indexes: [{ columns: ['opened_for', 'sys_id'] }],
};
