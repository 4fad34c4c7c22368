// Rows of sys_db_object, sys_dictionary and sys_choice → the Dictionary that everything else works with. Reads, never writes.
import type { Store } from '../store/store.ts';
import type { Choice, Dictionary, Field, Table, WhenGone } from './dictionary.ts';
import { readAttributes } from './field_attributes.ts';
import { fieldTypeOf } from './field_types/index.ts';
import { overrideColumns, overrideField } from './override_field.ts';
import { systemFieldNames } from './system_fields.ts';

type Cells = Readonly<Record<string, string>>;

const tableColumns = ['sys_id', 'name', 'label', 'super_class', 'is_extendable', 'ws_access', 'audit'] as const;
const fieldColumns = [
  'name',
  'element',
  'column_label',
  'internal_type',
  'max_length',
  'reference',
  'reference_key',
  'reference_cascade_rule',
  'mandatory',
  'read_only',
  'read_only_option',
  'active',
  'display',
  'unique',
  'default_value',
  'choice',
  'dependent_on_field',
  'dependent',
  'attributes',
] as const;
const choiceColumns = ['name', 'element', 'value', 'label', 'sequence', 'dependent_value', 'inactive', 'language'] as const;

/** The rows a dictionary is made of, as text. */
export interface DictionaryRows {
  tables: readonly Cells[];
  fields: readonly Cells[];
  choices: readonly Cells[];
  overrides: readonly Cells[];
}

const readCells = async (store: Store, table: string, columns: readonly string[]): Promise<Cells[]> => {
  const { dialect } = store;
  const rows = await store.read(`SELECT ${columns.map((column) => dialect.name(column)).join(', ')} FROM ${dialect.name(table)}`);
  return rows.map((row) => {
    const cells: Record<string, string> = Object.create(null);
    columns.forEach((column, at) => {
      cells[column] = String(row[at] ?? '');
    });
    return cells;
  });
};

export const readDictionaryRows = async (store: Store): Promise<DictionaryRows> => {
  const [tables, fields, choices, overrides] = await Promise.all([
    readCells(store, 'sys_db_object', tableColumns),
    readCells(store, 'sys_dictionary', fieldColumns),
    readCells(store, 'sys_choice', choiceColumns),
    readCells(store, 'sys_dictionary_override', overrideColumns),
  ]);
  return { tables, fields, choices, overrides };
};

const isTrue = (text: string | undefined): boolean => text === '1';

const choicesByField = (rows: readonly Cells[]): Map<string, Choice[]> => {
  const found = new Map<string, Choice[]>();
  for (const row of rows) {
    if (row.language !== '' && row.language !== 'en') continue;
    const key = `${row.name}.${row.element}`;
    const list = found.get(key) ?? [];
    list.push({
      value: row.value ?? '',
      label: row.label || (row.value ?? ''),
      sequence: Number(row.sequence || 0),
      dependentValue: row.dependent_value ?? '',
      inactive: isTrue(row.inactive),
    });
    found.set(key, list);
  }
  for (const list of found.values()) list.sort((a, b) => a.sequence - b.sequence || (a.label < b.label ? -1 : 1));
  return found;
};

// The first two are the platform's older words.
const cascades: ReadonlyMap<string, WhenGone> = new Map([
  ['cascade', 'delete'],
  ['delete_no_workflow', 'delete'],
  ['delete', 'delete'],
  ['restrict', 'restrict'],
  ['none', 'none'],
]);

const readWhenGone = (rule: string | undefined): WhenGone => cascades.get(rule ?? '') ?? 'clear';

const makeField = (row: Cells, choices: readonly Choice[]): Field => {
  const type = row.internal_type || 'string';
  const { columnType, maxLength } = fieldTypeOf(type);
  const reference = row.reference ?? '';
  return {
    table: row.name ?? '',
    element: row.element ?? '',
    label: row.column_label || (row.element ?? ''),
    type,
    maxLength: Number(row.max_length) || maxLength,
    reference,
    referenceKey: reference === '' ? '' : row.reference_key || 'sys_id',
    whenGone: readWhenGone(row.reference_cascade_rule),
    mandatory: isTrue(row.mandatory),
    // What is read only for the eyes is not so for an API.
    readOnly: isTrue(row.read_only) && row.read_only_option !== 'display_read_only',
    defaultValue: row.default_value ?? '',
    isDisplay: isTrue(row.display),
    isUnique: isTrue(row.unique),
    choice: Number(row.choice || 0),
    choices,
    dependentOn: row.dependent_on_field || row.dependent || '',
    attributes: readAttributes(row.attributes ?? ''),
    column: columnType ? (row.element ?? '') : '',
    columnType: columnType ?? 'text',
  };
};

const rank = (element: string): number => {
  const at = systemFieldNames.indexOf(element);
  return at < 0 ? systemFieldNames.length : at;
};

const byPlace = (a: Field, b: Field): number => rank(a.element) - rank(b.element) || (a.element < b.element ? -1 : 1);

interface TableInMaking extends Table {
  readonly chain: Table[];
  readonly descendants: Table[];
  readonly fields: Map<string, Field>;
  displayField: Field | undefined;
}

const displayFieldOf = (fields: ReadonlyMap<string, Field>): Field | undefined =>
  // The leaf's own choice of a display field wins over its parent's. A secret stands for no record, whoever marked it.
  [...fields.values()].findLast((field) => field.isDisplay && !fieldTypeOf(field.type).secret) ??
  fields.get('name') ??
  fields.get('u_name') ??
  fields.get('number');

/** Pure: rows in, dictionary out. Tables that extend nothing that exists are left out, as are circles. */
export const makeDictionary = ({ tables, fields, choices, overrides }: DictionaryRows, version: number): Dictionary => {
  const choicesOf = choicesByField(choices);
  const overridesOf = new Map(overrides.map((row) => [`${row.name}.${row.element}`, row]));
  const rowsById = new Map(tables.map((row) => [row.sys_id, row]));
  const ownFields = new Map<string, Field[]>();
  for (const row of fields) {
    if (row.element === '' || !isTrue(row.active)) continue;
    const field = makeField(row, choicesOf.get(`${row.name}.${row.element}`) ?? []);
    ownFields.set(field.table, [...(ownFields.get(field.table) ?? []), field]);
  }

  const made = new Map<string, TableInMaking>();
  const make = (row: Cells, below: readonly string[]): TableInMaking | undefined => {
    const name = row.name ?? '';
    const known = made.get(name);
    if (known) return known;
    if (name === '' || below.includes(name)) return undefined;
    const parentRow = row.super_class ? rowsById.get(row.super_class) : undefined;
    const parent = parentRow && make(parentRow, [...below, name]);
    if (row.super_class && !parent) return undefined;
    const all = new Map<string, Field>();
    for (const [element, field] of parent?.fields ?? []) {
      const key = `${name}.${element}`;
      all.set(element, overrideField(field, overridesOf.get(key), choicesOf.get(key)));
    }
    for (const field of (ownFields.get(name) ?? []).sort(byPlace)) all.set(field.element, field);
    const table: TableInMaking = {
      name,
      label: row.label || name,
      sysId: row.sys_id ?? '',
      parent,
      chain: [...(parent?.chain ?? [])],
      descendants: [],
      fields: all,
      displayField: displayFieldOf(all),
      isExtendable: isTrue(row.is_extendable),
      isOpenToWebServices: isTrue(row.ws_access),
      isAudited: isTrue(row.audit),
    };
    table.chain.push(table);
    for (const ancestor of table.chain) (ancestor as TableInMaking).descendants.push(table);
    made.set(name, table);
    return table;
  };
  for (const row of tables) make(row, []);
  return { version, table: (name) => made.get(name), tables: () => made.values() };
};
