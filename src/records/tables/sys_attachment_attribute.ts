// What integrations note about an attachment, as pairs of key and value. Reached through the Attachment API, which knows who may.
import type { TableDefinition } from '../definition.ts';

export const sysAttachmentAttribute: TableDefinition = {
  name: 'sys_attachment_attribute',
  label: 'Attachment Attribute',
  fields: [
    { element: 'attachment', label: 'Attachment', type: 'reference', reference: 'sys_attachment', mandatory: true },
    { element: 'attribute_key', label: 'Key', type: 'token_id', maxLength: 100, mandatory: true, display: true },
    { element: 'attribute_value', label: 'Value', type: 'string', maxLength: 4000 },
  ],
  indexes: [{ columns: ['attachment', 'attribute_key'], unique: true }],
  access: { read: ['admin'], create: [], write: [], delete: [] },
};
