// Secrets that are made on insert are shown in the answer of that one call, and nowhere else ever again: every later read has a mask.
// Wraps the records that the Table API sees; rooms write through the records below and get no secret back.
import type { Ids } from '../kit/ids.ts';
import type { Column, Records, Selection } from '../records/records.ts';

interface Shown {
  element: string;
  make(ids: Ids): string;
  /** The caller wants it made: nothing was given, and this kind of row has one. */
  isWanted(values: Readonly<Record<string, string | null>>): boolean;
}

const shownIn: ReadonlyMap<string, Shown> = new Map<string, Shown>([
  [
    'oauth_entity',
    {
      element: 'client_secret',
      make: (ids) => ids.randomHex(32),
      isWanted: (values) => (values.type ?? 'client') === 'client' && values.public_client !== 'true',
    },
  ],
  [
    'oauth_jwt',
    { element: 'client_secret', make: (ids) => ids.randomHex(32), isWanted: (values) => values.public_client !== 'true' },
  ],
  ['api_key', { element: 'token', make: (ids) => ids.randomToken(32), isWanted: () => true }],
]);

const textField = (column: Column): Column => ({
  ...column,
  displayAt: -1,
  ...(column.field ? { field: { ...column.field, type: 'string', columnType: 'text', choices: [] } } : {}),
});

const unmask = <T extends Selection>(selection: T, element: string, secret: string): T => {
  const at = selection.columns.findIndex((column) => column.key === element);
  const column = selection.columns[at];
  if (column === undefined || column.valueAt < 0) return selection;
  return {
    ...selection,
    columns: selection.columns.map((each, index) => (index === at ? textField(each) : each)),
    rows: selection.rows.map((row) => row.map((value, index) => (index === column.valueAt ? secret : value))),
  };
};

export const showSecretsOnce = (records: Records, ids: Ids): Records => ({
  ...records,
  async insert(caller, table, values, options) {
    const shown = shownIn.get(table);
    if (shown === undefined || values[shown.element] || !shown.isWanted(values))
      return records.insert(caller, table, values, options);
    const secret = shown.make(ids);
    return unmask(await records.insert(caller, table, { ...values, [shown.element]: secret }, options), shown.element, secret);
  },
});
