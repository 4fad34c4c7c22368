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

export const makeTableApi = (parts: TableParts): Api => ({
  name: 'now/table',
  base: '/api/now',
  versions: ['', 'v1', 'v2'],
  operations: [
    { method: 'GET', path: '/table/:table', handle: listRecords(parts) },
    { method: 'POST', path: '/table/:table', handle: createRecord(parts) },
    { method: 'GET', path: '/table/:table/:sys_id', handle: readRecord(parts) },
    { method: 'PUT', path: '/table/:table/:sys_id', handle: updateRecord(parts) },
    { method: 'PATCH', path: '/table/:table/:sys_id', handle: updateRecord(parts) },
    { method: 'DELETE', path: '/table/:table/:sys_id', handle: removeRecord(parts) },
  ],
});
