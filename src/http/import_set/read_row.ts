// GET /import/{table}/{sys_id}: what became of a row, as its POST said it; of rows that came in a file, as their state says it.
import type { MapResult } from '../../imports/import_rows.ts';
import type { RowStatus } from '../../imports/transform/outcome.ts';
import type { Row } from '../../records/records.ts';
import { notFound } from '../../records/refusals.ts';
import type { Answer, Asked } from '../api.ts';
import type { ImportParts } from './import_set_api.ts';
import { sayResults } from './say_results.ts';

const statuses: ReadonlySet<string> = new Set(['inserted', 'updated', 'ignored', 'skipped', 'error']);

const byState = async ({ records }: ImportParts, row: Row): Promise<readonly MapResult[]> => {
  if (!statuses.has(row.sys_import_state ?? '')) return [];
  const [map] = await records.findBy('sys_transform_map', { sys_id: row.sys_transform_map ?? '' }, { limit: 1 });
  const table = records.dictionary().table(row.sys_target_table ?? '');
  const display = table?.displayField?.element ?? '';
  const [target] = table ? await records.findBy(table.name, { sys_id: row.sys_target_sys_id ?? '' }, { limit: 1 }) : [];
  const status = row.sys_import_state as RowStatus;
  const comment = row.sys_import_state_comment ?? '';
  const outcome = {
    status,
    targetTable: row.sys_target_table ?? '',
    targetSysId: row.sys_target_sys_id ?? '',
    displayName: display,
    displayValue: target?.[display] ?? '',
    statusMessage: status === 'error' ? '' : comment,
    errorMessage: status === 'error' ? comment : '',
    response: {},
    notes: [],
    logs: [],
  };
  return [{ map: map?.name ?? '', outcome }];
};

export const readRow =
  (parts: ImportParts) =>
  async (asked: Asked): Promise<Answer> => {
    const { records, imports } = parts;
    const table = await imports.staging.require(asked.segments.get('table') ?? '');
    const sysId = asked.segments.get('sys_id') ?? '';
    // With the caller's rights: who may not read the row is told there is none.
    await records.get(asked.caller, table.name, sysId, { fields: ['sys_id'] });
    const [row] = await records.findBy(table.name, { sys_id: sysId }, { limit: 1 });
    if (!row) throw notFound();
    const [set] = await records.findBy('sys_import_set', { sys_id: row.sys_import_set ?? '' }, { limit: 1 });
    const results = row.sys_import_result
      ? (JSON.parse(row.sys_import_result) as readonly MapResult[])
      : await byState(parts, row);
    return { status: 200, body: sayResults(asked, { importSet: set?.number ?? '', table: table.name, sysId, results }) };
  };
