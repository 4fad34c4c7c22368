// POST /table/{table}: one new record, answered as it was stored.
import type { Answer, Asked } from '../api.ts';
import { recordAddress } from './table_address.ts';
import type { TableParts } from './table_api.ts';
import { withView } from './view_fields.ts';
import { writeOptions } from './write_options.ts';

export const createRecord =
  ({ records, say }: TableParts) =>
  async (asked: Asked): Promise<Answer> => {
    const table = asked.segments.get('table') ?? '';
    const options = await withView(records, asked, { table, kind: 'form' }, writeOptions(asked));
    const inserted = await records.insert(asked.caller, table, await asked.values(), options);
    return {
      status: 201,
      body: await say.written(asked, inserted),
      headers: { Location: recordAddress(asked, table, inserted.sysId) },
    };
  };
