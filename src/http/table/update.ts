// PUT and PATCH /table/{table}/{sys_id}: both change the fields that were sent and no others.
import type { Answer, Asked } from '../api.ts';
import type { TableParts } from './table_api.ts';
import { withView } from './view_fields.ts';
import { writeOptions } from './write_options.ts';

export const updateRecord =
  ({ records, say }: TableParts) =>
  async (asked: Asked): Promise<Answer> => {
    const [table = '', sysId = ''] = [asked.segments.get('table'), asked.segments.get('sys_id')];
    const options = await withView(records, asked, { table, kind: 'form' }, writeOptions(asked));
    const selection = await records.update(asked.caller, table, sysId, await asked.values(), options);
    return { status: 200, body: await say.written(asked, selection) };
  };
