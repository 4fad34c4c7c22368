// POST /import/{table}/insertMultiple: many rows, one import set, never row results.
import { flatten } from '../../imports/flatten.ts';
import { Fault } from '../../kit/fault.ts';
import { isObject } from '../../kit/is_object.ts';
import type { Answer, Asked } from '../api.ts';
import { sayBare } from '../say_data.ts';
import type { ImportParts } from './import_set_api.ts';

const mostRows = 20_000;

const badRecords = (explanation: string): Fault =>
  new Fault('bad_request', 'http.bad_records', 'Exception while reading request', { explanation });

const recordsOf = (body: unknown): readonly object[] => {
  const records = body !== null && typeof body === 'object' ? (body as { records?: unknown }).records : undefined;
  if (!Array.isArray(records)) throw badRecords('The payload must be one object with a list named records.');
  if (records.length > mostRows) throw badRecords(`The payload holds more than ${mostRows} records.`);
  if (!records.every(isObject)) throw badRecords('Every record must be one object of fields and values.');
  return records;
};

export const insertMultiple =
  ({ imports }: ImportParts) =>
  async (asked: Asked): Promise<Answer> => {
    const table = asked.segments.get('table') ?? '';
    const rows = recordsOf(await asked.json()).map((record) => flatten(record));
    const multi = asked.parameters.get('multi_import_set_id') ?? '';
    const runAfter = (asked.parameters.get('run_after') ?? '').toLowerCase() !== 'false';
    const made = await imports.insertMultiple(asked.caller, table, rows, { multi, runAfter });
    return { status: 201, body: sayBare(asked.accept, { import_set_id: made.importSet, multi_import_set_id: made.multi }) };
  };
