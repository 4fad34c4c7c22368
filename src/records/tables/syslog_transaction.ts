// One row per REST call, with bounded retention. Written by the door.
import type { TableDefinition } from '../definition.ts';

export const syslogTransaction: TableDefinition = {
  name: 'syslog_transaction',
  label: 'Transaction Log Entry',
  fields: [
    { element: 'type', label: 'Type', type: 'string', maxLength: 40 },
    { element: 'url', label: 'URL', type: 'url', maxLength: 1024 },
    { element: 'http_method', label: 'Method', type: 'string', maxLength: 40 },
    { element: 'http_response_code', label: 'Response status', type: 'integer' },
    { element: 'transaction_id', label: 'Transaction', type: 'string', maxLength: 40 },
    { element: 'user', label: 'User', type: 'string', maxLength: 40 },
    { element: 'remote_ip', label: 'IP address', type: 'string', maxLength: 64 },
    { element: 'response_time', label: 'Response time', type: 'integer' },
    { element: 'output_length', label: 'Output length', type: 'integer' },
  ],
  indexes: [{ columns: ['sys_created_on'] }, { columns: ['transaction_id'] }],
  access: { read: ['admin'], create: [], write: [], delete: ['admin'] },
};
