// Short stand-ins for long addresses. Written by the tinyurl API; the key is what opens it, so it cannot be guessed.
import type { TableDefinition } from '../definition.ts';

export const sysTinyUrl: TableDefinition = {
  name: 'sys_tiny_url',
  label: 'Tiny URL',
  fields: [
    { element: 'tiny_url', label: 'Tiny URL', type: 'token_id', maxLength: 64, unique: true, mandatory: true, display: true },
    { element: 'data', label: 'Data', type: 'wide_text', maxLength: 200_000, attributes: 'no_truncate=true' },
  ],
  indexes: [{ columns: ['sys_created_on'] }],
  access: { read: ['admin'], create: [], write: [], delete: ['admin'] },
};
