// POST /import/{table}: one row, stored and transformed. 201 also when the transform failed: the row was stored, and `status` says the rest.
import type { Answer, Asked } from '../api.ts';
import { apiAddress } from '../table/table_address.ts';
import type { ImportParts } from './import_set_api.ts';
import { sayResults } from './say_results.ts';

export const insertRow =
  ({ imports }: ImportParts) =>
  async (asked: Asked): Promise<Answer> => {
    const table = asked.segments.get('table') ?? '';
    const values = Object.entries(await asked.values());
    const row = new Map(values.map(([name, text]) => [name, text ?? '']));
    const imported = await imports.rows.insert(asked.caller, table, row);
    const location = `${apiAddress(asked)}/import/${encodeURIComponent(imported.table)}/${imported.sysId}`;
    return { status: 201, body: sayResults(asked, imported), headers: { location } };
  };
