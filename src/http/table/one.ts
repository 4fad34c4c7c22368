// GET /table/{table}/{sys_id}: one record, or the one 404 that does not say whether it is missing or hidden.
import type { Answer, Asked } from '../api.ts';
import { readOptions } from './read_options.ts';
import type { TableParts } from './table_api.ts';
import { withView } from './view_fields.ts';

export const readRecord =
  ({ records, say }: TableParts) =>
  async (asked: Asked): Promise<Answer> => {
    const [table = '', sysId = ''] = [asked.segments.get('table'), asked.segments.get('sys_id')];
    const { fields, display } = await withView(records, asked, { table, kind: 'form' }, readOptions(asked.parameters));
    return { status: 200, body: await say.one(asked, await records.get(asked.caller, table, sysId, { fields, display })) };
  };
