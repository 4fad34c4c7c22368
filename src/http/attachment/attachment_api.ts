// The Attachment API: its addresses and what answers each (data_api.md §4.2).
import type { Attachments } from '../../records/attachments/attachments.ts';
import type { Records } from '../../records/records.ts';
import type { Api } from '../api.ts';
import { listAttributes, readAttribute, removeAttribute, writeAttribute } from './attributes.ts';
import { removeAttachment, renameAttachment } from './change.ts';
import { listAttachments, readAttachment, readFile, readFileByName } from './read.ts';
import { uploadFile, uploadForm } from './upload.ts';

export interface AttachmentParts {
  records: Records;
  attachments: Attachments;
}

const paged = ['sysparm_query', 'sysparm_limit', 'sysparm_offset', 'sysparm_suppress_pagination_header'] as const;
const named = ['table_name', 'table_sys_id', 'file_name', 'creation_time'] as const;

export const makeAttachmentApi = (parts: AttachmentParts): Api => ({
  name: 'now/attachment',
  title: 'Attachment API',
  base: '/api/now',
  versions: ['', 'v1', 'v2'],
  operations: [
    { method: 'GET', path: '/attachment', summary: 'Lists attachments', reads: paged, handle: listAttachments(parts) },
    { method: 'POST', path: '/attachment/file', summary: 'Attaches the body as a file', reads: named, handle: uploadFile(parts) },
    { method: 'POST', path: '/attachment/upload', summary: 'Attaches the file in a form', handle: uploadForm(parts) },
    { method: 'GET', path: '/attachment/:sys_id', summary: 'Describes an attachment', handle: readAttachment(parts) },
    { method: 'PATCH', path: '/attachment/:sys_id', summary: 'Renames an attachment', handle: renameAttachment(parts) },
    { method: 'PUT', path: '/attachment/:sys_id', summary: 'Renames an attachment', handle: renameAttachment(parts) },
    { method: 'DELETE', path: '/attachment/:sys_id', summary: 'Deletes an attachment', handle: removeAttachment(parts) },
    {
      method: 'GET',
      path: '/attachment/:sys_id/file',
      summary: 'Reads the file',
      produces: 'as_stored',
      handle: readFile(parts),
    },
    {
      method: 'GET',
      path: '/attachment/:sys_id/:file_name/file',
      summary: 'Reads the first file of that name on a record',
      produces: 'as_stored',
      handle: readFileByName(parts),
    },
    { method: 'GET', path: '/attachment/:sys_id/attributes', handle: listAttributes(parts) },
    { method: 'POST', path: '/attachment/:sys_id/attributes', handle: writeAttribute(parts) },
    { method: 'GET', path: '/attachment/:sys_id/attributes/:key', handle: readAttribute(parts) },
    { method: 'PUT', path: '/attachment/:sys_id/attributes/:key', handle: writeAttribute(parts) },
    { method: 'PATCH', path: '/attachment/:sys_id/attributes/:key', handle: writeAttribute(parts) },
    { method: 'DELETE', path: '/attachment/:sys_id/attributes/:key', handle: removeAttribute(parts) },
  ],
});
