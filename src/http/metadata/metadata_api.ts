// What connectors ask before they ask for rows: which tables there are, what stands in them, and who is calling (data_api.md §4.4).
// It must not show a table or a field that the caller may not read.
import type { Records } from '../../records/records.ts';
import type { Answer, Api, Asked } from '../api.ts';
import { type Data, sayData } from '../say_data.ts';
import { describeColumn } from './describe_column.ts';
import { pickerEntry } from './picker_entry.ts';

export interface MetadataParts {
  records: Records;
}

const columnsFor = async (records: Records, asked: Asked): Promise<Data> => {
  const dictionary = records.dictionary();
  const readable = await records.readableFields(asked.caller, asked.segments.get('table') ?? '');
  return Object.fromEntries(readable.map((each) => [each.field.element, describeColumn(dictionary, each)]));
};

const readMeta =
  ({ records }: MetadataParts) =>
  async (asked: Asked): Promise<Answer> => ({
    status: 200,
    body: sayData(asked.accept, { columns: await columnsFor(records, asked) }),
  });

const listTables =
  ({ records }: MetadataParts) =>
  async (asked: Asked): Promise<Answer> => {
    const tables = await records.readableTables(asked.caller);
    return {
      status: 200,
      body: sayData(
        asked.accept,
        tables.map(({ name, label }) => pickerEntry(name, label)),
      ),
    };
  };

const initialsOf = (name: string): string =>
  name
    .split(/\s+/)
    .filter((word) => word !== '')
    .map((word) => [...word][0]?.toUpperCase())
    .slice(0, 2)
    .join('');

const readCurrentUser = async ({ caller, accept }: Asked): Promise<Answer> => {
  const name = caller.displayName || caller.userName;
  const user = {
    user_sys_id: caller.userSysId,
    user_name: caller.userName,
    user_display_name: name,
    user_initials: initialsOf(name),
  };
  return { status: 200, body: sayData(accept, user) };
};

export const makeMetadataApi = (parts: MetadataParts): Api => ({
  name: 'now/ui',
  base: '/api/now',
  versions: ['', 'v1', 'v2'],
  operations: [
    { method: 'GET', path: '/ui/meta/:table', handle: readMeta(parts) },
    { method: 'GET', path: '/ui/user/current_user', handle: readCurrentUser },
    { method: 'GET', path: '/doc/table/schema', handle: listTables(parts) },
    { method: 'GET', path: '/doc/table/schema/:table', handle: readMeta(parts) },
  ],
});
