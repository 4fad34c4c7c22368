// Entries of journal fields (comments, work notes). Written by writing the journal field of a record, never directly.
import type { TableDefinition } from '../definition.ts';

export const sysJournalField: TableDefinition = {
  name: 'sys_journal_field',
  label: 'Journal Entry',
  fields: [
    { element: 'name', label: 'Name', type: 'table_name', maxLength: 80 },
    { element: 'element', label: 'Element', type: 'string', maxLength: 80 },
    { element: 'element_id', label: 'Element ID', type: 'GUID' },
    { element: 'value', label: 'Value', type: 'wide_text', maxLength: 65000 },
  ],
  indexes: [{ columns: ['element_id', 'element', 'sys_created_on'] }],
  access: { read: ['itil'], create: [], write: [], delete: ['admin'] },
};
