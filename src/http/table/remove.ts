// DELETE /table/{table}/{sys_id}: 204 and nothing else.
import type { Answer, Asked } from '../api.ts';
import type { TableParts } from './table_api.ts';

export const removeRecord =
  ({ records }: TableParts) =>
  async (asked: Asked): Promise<Answer> => {
    await records.remove(asked.caller, asked.segments.get('table') ?? '', asked.segments.get('sys_id') ?? '');
    return { status: 204 };
  };
