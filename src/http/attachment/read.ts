// GET of attachments: the list, one of them, and the bytes of one, whole or in part.
import { Readable } from 'node:stream';
import type { StoredFile } from '../../records/attachments/attachments.ts';
import type { Answer, Asked } from '../api.ts';
import { sayData } from '../say_data.ts';
import { filtersOf, pageOf } from '../table/list_request.ts';
import { pageLinks } from '../table/page_links.ts';
import { apiAddress } from '../table/table_address.ts';
import type { AttachmentParts } from './attachment_api.ts';
import { readByteRange } from './byte_range.ts';
import { judgeConditions } from './conditions.ts';
import { describeAttachment, describeAttachments, type Metadata } from './say_attachments.ts';

const sysIdOf = (asked: Asked): string => asked.segments.get('sys_id') ?? '';

export const listAttachments =
  ({ records }: AttachmentParts) =>
  async (asked: Asked): Promise<Answer> => {
    const { parameters } = asked;
    const page = pageOf(asked);
    const selection = await records.list(asked.caller, {
      ...page,
      table: 'sys_attachment',
      query: parameters.get('sysparm_query'),
      filters: filtersOf(parameters),
    });
    const headers: Record<string, string> = {};
    if (selection.total !== undefined) headers['X-Total-Count'] = String(selection.total);
    const about = { rowCount: selection.rows.length, total: selection.total };
    const links = parameters.isTrue('sysparm_suppress_pagination_header')
      ? ''
      : pageLinks(`${apiAddress(asked)}/attachment`, parameters, page, about);
    if (links !== '') headers.Link = links;
    return { status: 200, headers, body: sayData(asked.accept, await describeAttachments(records, asked, selection)) };
  };

export const readAttachment =
  ({ records }: AttachmentParts) =>
  async (asked: Asked): Promise<Answer> => ({
    status: 200,
    body: sayData(asked.accept, await describeAttachment(records, asked, sysIdOf(asked))),
  });

/** JSON that fits into a header: what is not ASCII is escaped. */
const headerJson = (metadata: Metadata): string =>
  JSON.stringify(metadata).replace(/[^\x20-\x7e]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);

/** RFC 6266: a name for old readers and, where it says more, the name itself. */
const disposition = (fileName: string): string => {
  const plain = fileName.replace(/[^\x20-\x7e]/g, '_').replace(/["\\]/g, '_');
  const exact = encodeURIComponent(fileName).replace(/['()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`);
  return `attachment; filename="${plain}"${plain === fileName ? '' : `; filename*=UTF-8''${exact}`}`;
};

const giveOut = (asked: Asked, file: StoredFile, metadata: Metadata): Answer => {
  const { sizeBytes } = file;
  const tag = `"${metadata.hash ?? ''}"`;
  const judged = judgeConditions(asked.headers, tag);
  if (judged !== 'wanted') return { status: judged === 'known' ? 304 : 412, headers: { ETag: tag } };
  const condition = asked.headers['if-range'];
  const wanted = condition === undefined || condition === tag ? String(asked.headers.range ?? '') : '';
  const range = readByteRange(wanted, sizeBytes);
  const headers: Record<string, string> = {
    'Accept-Ranges': 'bytes',
    ETag: tag,
    'X-Attachment-Metadata': headerJson(metadata),
    'Content-Disposition': disposition(metadata.file_name ?? ''),
    // Somebody else's file must not act as a page of ours.
    'Content-Security-Policy': "sandbox; default-src 'none'",
  };
  if (range === 'unsatisfiable') return { status: 416, headers: { ...headers, 'Content-Range': `bytes */${sizeBytes}` } };
  const isWhole = range === 'whole';
  const [from, to] = isWhole ? [0, sizeBytes - 1] : [range.from, range.to];
  headers['Content-Type'] = metadata.content_type || 'application/octet-stream';
  headers['Content-Length'] = String(to - from + 1);
  if (!isWhole) headers['Content-Range'] = `bytes ${from}-${to}/${sizeBytes}`;
  // An empty stream keeps the length that the headers name.
  const bytes = asked.method === 'HEAD' ? [] : file.read(from, to);
  return { status: isWhole ? 200 : 206, headers, body: Readable.from(bytes, { objectMode: false }) };
};

export const readFile =
  ({ records, attachments }: AttachmentParts) =>
  async (asked: Asked): Promise<Answer> => {
    const file = await attachments.open(asked.caller, sysIdOf(asked));
    return giveOut(asked, file, await describeAttachment(records, asked, file.row.sys_id ?? ''));
  };

export const readFileByName =
  ({ records, attachments }: AttachmentParts) =>
  async (asked: Asked): Promise<Answer> => {
    const [tableSysId = '', fileName = ''] = [asked.segments.get('sys_id'), asked.segments.get('file_name')];
    const file = await attachments.findByName(asked.caller, tableSysId, fileName);
    return giveOut(asked, file, await describeAttachment(records, asked, file.row.sys_id ?? ''));
  };
