// Files that hang on records. Rights follow the record (attached_rights.ts); written by attachments/ alone, so that row and bytes agree.
import type { TableDefinition } from '../definition.ts';

export const sysAttachment: TableDefinition = {
  name: 'sys_attachment',
  label: 'Attachment',
  fields: [
    { element: 'file_name', label: 'File name', type: 'string', maxLength: 255, display: true, mandatory: true },
    { element: 'content_type', label: 'Content type', type: 'string', maxLength: 255 },
    { element: 'table_name', label: 'Table name', type: 'table_name', maxLength: 80, mandatory: true },
    { element: 'table_sys_id', label: 'Table sys ID', type: 'document_id', mandatory: true },
    { element: 'size_bytes', label: 'Size bytes', type: 'longint' },
    { element: 'size_compressed', label: 'Size compressed', type: 'longint' },
    { element: 'compressed', label: 'Compressed', type: 'boolean' },
    { element: 'hash', label: 'SHA256 hash', type: 'string', maxLength: 64 },
    { element: 'chunk_size_bytes', label: 'Chunk size bytes', type: 'integer' },
    {
      element: 'state',
      label: 'State',
      type: 'string',
      default: 'available',
      choices: { pending: 'Pending', available: 'Available', not_available: 'Not available' },
    },
    { element: 'creation_time', label: 'Creation time', type: 'glide_date_time', default: 'javascript:gs.nowDateTime()' },
    { element: 'image_height', label: 'Image height', type: 'integer' },
    { element: 'image_width', label: 'Image width', type: 'integer' },
    { element: 'average_image_color', label: 'Average image color', type: 'string', maxLength: 40 },
    { element: 'encryption_context', label: 'Encryption context', type: 'string', maxLength: 40 },
  ],
  indexes: [{ columns: ['table_sys_id', 'file_name'] }, { columns: ['table_name'] }],
  access: { read: 'any', create: [], write: [], delete: ['admin'] },
};
