// A customer's case: what providers keep for a task of a consumer. Only what the exchange and its clients need of it.
import type { TableDefinition } from '../definition.ts';

export const snCustomerserviceCase: TableDefinition = {
  name: 'sn_customerservice_case',
  label: 'Case',
  extends: 'task',
  extendable: true,
  numberPrefix: 'CS',
  audited: true,
  fields: [
    {
      element: 'category',
      label: 'Category',
      type: 'string',
      choice: 2,
      choices: { question: 'Question', issue: 'Issue', feature: 'Feature' },
    },
    { element: 'account', label: 'Account', type: 'reference', reference: 'core_company' },
    { element: 'contact', label: 'Contact', type: 'reference', reference: 'sys_user' },
    // Opened by the provider, of its own accord: consumers that are connected hear of it.
    { element: 'proactive', label: 'Proactive', type: 'boolean', default: 'false' },
    { element: 'cause', label: 'Cause', type: 'string', maxLength: 4000 },
    { element: 'resolution_code', label: 'Resolution code', type: 'string', maxLength: 40 },
    { element: 'resolved_at', label: 'Resolved', type: 'glide_date_time' },
  ],
  inheritedChoices: {
    state: { '1': 'New', '10': 'Open', '18': 'Awaiting Info', '6': 'Resolved', '3': 'Closed', '7': 'Cancelled' },
  },
  access: { read: ['itil'], create: ['itil'], write: ['itil'], delete: ['admin'] },
};
