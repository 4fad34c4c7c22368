// Issues of the exchange that the scheduled checks have found: raised once, counted when seen again, closed when gone.
import type { TableDefinition } from '../definition.ts';
import { exchangeKeepers, exchangeReaders } from './sn_sb_connection.ts';

export const snSbError: TableDefinition = {
  name: 'sn_sb_error',
  label: 'Service Exchange Error',
  numberPrefix: 'SBERR',
  fields: [
    { element: 'number', label: 'Number', type: 'string', maxLength: 40, display: true, readOnly: true },
    { element: 'known_error', label: 'Known error', type: 'reference', reference: 'sn_sb_known_error_code' },
    { element: 'connection', label: 'Connection', type: 'reference', reference: 'sn_sb_connection', whenGone: 'delete' },
    { element: 'finding', label: 'Finding', type: 'token_id', maxLength: 200, unique: true, readOnly: true },
    { element: 'severity', label: 'Severity', type: 'string', maxLength: 20 },
    { element: 'error', label: 'Error', type: 'string', maxLength: 1000 },
    { element: 'cause', label: 'Cause', type: 'string', maxLength: 4000 },
    { element: 'solution', label: 'Solution', type: 'string', maxLength: 1000 },
    {
      element: 'state',
      label: 'State',
      type: 'string',
      maxLength: 20,
      default: 'open',
      choices: { open: 'Open', closed: 'Closed' },
    },
    { element: 'count', label: 'Times seen', type: 'integer', default: '1' },
    { element: 'last_seen', label: 'Last seen', type: 'glide_date_time' },
    { element: 'closed_at', label: 'Closed at', type: 'glide_date_time' },
  ],
  indexes: [{ columns: ['connection', 'state'] }],
  access: { read: exchangeReaders, create: ['nobody'], write: exchangeKeepers, delete: exchangeKeepers },
};
