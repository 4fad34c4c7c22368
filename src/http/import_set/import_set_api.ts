// The Import Set API: rows into staging tables, and what became of them.
import type { Imports } from '../../imports/make_imports.ts';
import type { Attachments } from '../../records/attachments/attachments.ts';
import type { Records } from '../../records/records.ts';
import type { Api } from '../api.ts';
import { insertMultiple } from './insert_multiple.ts';
import { insertRow } from './insert_row.ts';
import { readRow } from './read_row.ts';

export interface ImportParts {
  records: Records;
  attachments: Pick<Attachments, 'open'>;
  imports: Pick<Imports, 'rows' | 'insertMultiple' | 'jobs' | 'staging'>;
}

export const makeImportSetApi = (parts: ImportParts): Api => ({
  name: 'now/import',
  title: 'Import Set API',
  base: '/api/now',
  versions: ['', 'v1', 'v2'],
  operations: [
    { method: 'POST', path: '/import/:table', summary: 'Stores a row and transforms it', handle: insertRow(parts) },
    {
      method: 'POST',
      path: '/import/:table/insertMultiple',
      summary: 'Stores many rows as one import set',
      handle: insertMultiple(parts),
    },
    { method: 'GET', path: '/import/:table/:sys_id', summary: 'Says what became of a row', handle: readRow(parts) },
  ],
});
