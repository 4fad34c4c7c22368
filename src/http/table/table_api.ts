// The Table API: its addresses and what answers each. Read this first.
import type { Records } from '../../records/records.ts';
import type { Api } from '../api.ts';
import { createRecord } from './create.ts';
import { listRecords } from './list.ts';
import { readRecord } from './one.ts';
import { removeRecord } from './remove.ts';
import type { Say } from './say.ts';
import { updateRecord } from './update.ts';

export interface TableParts {
  records: Records;
  say: Say;
}

const shown = ['sysparm_fields', 'sysparm_display_value', 'sysparm_exclude_reference_link', 'sysparm_view'] as const;
const paged = [
  'sysparm_query',
  'sysparm_query_category',
  'sysparm_query_no_domain',
  'sysparm_limit',
  'sysparm_offset',
  'sysparm_no_count',
  'sysparm_suppress_pagination_header',
] as const;
const written = ['sysparm_input_display_value', 'sysparm_suppress_auto_sys_field'] as const;

const [list, one] = ['/table/:table', '/table/:table/:sys_id'];

export const makeTableApi = (parts: TableParts): Api => ({
  name: 'now/table',
  title: 'Table API',
  base: '/api/now',
  versions: ['', 'v1', 'v2'],
  operations: [
    { method: 'GET', path: list, summary: 'Lists records', reads: [...paged, ...shown], handle: listRecords(parts) },
    { method: 'POST', path: list, summary: 'Creates a record', reads: [...shown, ...written], handle: createRecord(parts) },
    { method: 'GET', path: one, summary: 'Reads a record', reads: shown, handle: readRecord(parts) },
    { method: 'PUT', path: one, summary: 'Changes a record', reads: [...shown, ...written], handle: updateRecord(parts) },
    { method: 'PATCH', path: one, summary: 'Changes a record', reads: [...shown, ...written], handle: updateRecord(parts) },
    { method: 'DELETE', path: one, summary: 'Deletes a record', handle: removeRecord(parts) },
  ],
});
