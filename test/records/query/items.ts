// Records for the model: generated with few different values, so that references meet, texts collide and moments fall on changes of
// the clock. The same seed gives the same records.
import fc from 'fast-check';
import type { Field, Table } from '../../../src/records/dictionary.ts';
import { fieldTypeOf } from '../../../src/records/field_types/index.ts';
import type { Store, Value } from '../../../src/store/store.ts';
import type { Item } from './evaluate.ts';
import type { makeModel } from './model.ts';

export const words = [
  'a',
  'A',
  'ab',
  'Ab%',
  'a_b',
  'z',
  'Z9',
  'x^y',
  "o'clock",
  'back\\slash',
  'éa',
  'Straße',
  '漢字',
  '12',
  'printer on fire',
];
export const moments = [
  '2026-01-01 00:00:00',
  '2025-12-31 23:59:59',
  '2026-03-29 00:59:59',
  '2026-03-29 01:00:00',
  '2026-10-25 00:30:00',
  '2026-10-25 01:30:00',
  '2026-11-20 23:30:00',
  '2026-11-21 00:00:00',
  '2026-11-21 09:59:59',
  '2026-11-22 10:00:00',
  '1969-07-20 20:17:40',
];

export const idOf = (table: string, at: number): string =>
  `${table.replaceAll('_', '').slice(0, 8)}${String(at).padStart(2, '0')}`;

const valueFor = (field: Field, keys: ReadonlyMap<string, readonly string[]>): fc.Arbitrary<Value> => {
  const chosen = (() => {
    if (field.type === 'reference') return fc.constantFrom('nobody', ...(keys.get(field.reference) ?? []));
    if (field.type === 'boolean') return fc.constantFrom(0, 1);
    if (field.choices.length > 0)
      return fc.constantFrom(...field.choices.map(({ value }) => fieldTypeOf(field.type).toColumn(value)));
    if (field.columnType === 'integer') return fc.integer({ min: -2, max: 4 });
    if (field.columnType === 'real') return fc.constantFrom(-1.5, 0, 0.1, 2, 2.25, 1000);
    if (field.type === 'glide_date') return fc.constantFrom(...moments).map((moment) => moment.slice(0, 10));
    if (field.type === 'glide_duration') return fc.constantFrom('1970-01-01 00:02:17', '1970-01-03 00:00:00');
    return field.columnType === 'text' ? fc.constantFrom(...moments) : fc.constantFrom(...words);
  })();
  return fc.option(chosen, { freq: 4, nil: null });
};

type Model = ReturnType<typeof makeModel>;

/** Some records of every table. */
export const generateItems = (model: Model, seed: number, perTable = 9): Item[] => {
  const tables = [...model.dictionary.tables()];
  const keys = new Map<string, string[]>();
  for (const table of tables) {
    const ids = table.descendants.flatMap(({ name }) => Array.from({ length: perTable }, (_, at) => idOf(name, at)));
    keys.set(table.name, ids);
  }
  // The one table that references name, not sys_id.
  keys.set('sys_db_object', ['incident', 'Task', 'sys_user', 'nowhere']);
  return tables.flatMap((table) =>
    Array.from({ length: perTable }, (_, at): Item => {
      const values: Record<string, Value> = {};
      for (const field of table.fields.values()) {
        if (field.column === '') continue;
        const isOwnName = table.name === 'sys_db_object' && field.element === 'name';
        values[field.element] = isOwnName
          ? (tables[at]?.name ?? `other${at}`)
          : (fc.sample(valueFor(field, keys), {
              numRuns: 1,
              seed: seed * 100_003 + at * 331 + hash(table.name + field.element),
            })[0] ?? null);
      }
      return { table, values: { ...values, sys_id: idOf(table.name, at), sys_class_name: table.name } };
    }),
  );
};

const hash = (text: string): number => [...text].reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) % 1_000_003, 7);

/** Puts records into real tables: one row for each class of the chain. What was there before is removed. */
export const storeItems = (store: Store, model: Model, items: readonly Item[]): Promise<void> =>
  store.write(async (transaction) => {
    const { dialect } = transaction;
    await transaction.define(model.shapes);
    for (const { name } of model.shapes) await transaction.run(`DELETE FROM ${dialect.name(name)}`);
    for (const { table, values } of items) {
      for (const level of table.chain) {
        const columns = columnsOf(level);
        const places = columns.map((_, at) => dialect.parameter(at + 1)).join(', ');
        const names = columns.map((column) => dialect.name(column)).join(', ');
        const row = columns.map((column) => values[column] ?? null);
        await transaction.run(`INSERT INTO ${dialect.name(level.name)} (${names}) VALUES (${places})`, row);
      }
    }
  });

const columnsOf = (table: Table): string[] => {
  const own = [...table.fields.values()].filter((field) => field.table === table.name && field.column !== '');
  return [...new Set(['sys_id', ...own.map((field) => field.column)])];
};
