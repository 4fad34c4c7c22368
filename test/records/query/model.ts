// A small dictionary for tests of the query language: two levels of inheritance, references by sys_id and by name, choices, every
// kind of column. Made by hand so that the language is tested without the loader.
import type { Choice, Dictionary, Field, Table } from '../../../src/records/dictionary.ts';
import { fieldTypeOf } from '../../../src/records/field_types/index.ts';
import type { TableShape } from '../../../src/store/store.ts';

interface FieldWords {
  type?: string;
  reference?: string;
  referenceKey?: string;
  choices?: Readonly<Record<string, string>>;
  isDisplay?: boolean;
  isUnique?: boolean;
}

const fieldOf = (table: string, element: string, words: FieldWords): Field => {
  const type = words.type ?? (words.reference ? 'reference' : 'string');
  const columnType = fieldTypeOf(type).columnType;
  return {
    table,
    element,
    label: element,
    type,
    maxLength: 40,
    reference: words.reference ?? '',
    referenceKey: words.referenceKey ?? 'sys_id',
    whenGone: 'clear',
    mandatory: false,
    readOnly: false,
    defaultValue: '',
    isDisplay: words.isDisplay ?? false,
    isUnique: words.isUnique ?? false,
    choice: words.choices ? 1 : 0,
    choices: Object.entries(words.choices ?? {}).map(
      ([value, label], sequence): Choice => ({ value, label, sequence, dependentValue: '', inactive: false }),
    ),
    dependentOn: '',
    attributes: new Map(),
    column: columnType === undefined ? '' : element,
    columnType: columnType ?? 'text',
  };
};

const root: Record<string, FieldWords> = {
  sys_id: { type: 'GUID', isUnique: true },
  sys_created_on: { type: 'glide_date_time' },
  sys_updated_on: { type: 'glide_date_time' },
  sys_class_name: { type: 'sys_class_name' },
};

const models: ReadonlyArray<{ name: string; label: string; parent?: string; fields: Record<string, FieldWords> }> = [
  {
    name: 'sys_db_object',
    label: 'Table',
    fields: { name: { type: 'table_name', isDisplay: true, isUnique: true }, label: {} },
  },
  { name: 'company', label: 'Company', fields: { name: { isDisplay: true }, size: { type: 'integer' } } },
  {
    name: 'sys_user',
    label: 'User',
    fields: {
      user_name: { isUnique: true },
      name: { isDisplay: true },
      email: { type: 'email' },
      active: { type: 'boolean' },
      user_password: { type: 'password' },
      company: { reference: 'company' },
      manager: { reference: 'sys_user' },
    },
  },
  {
    name: 'sys_user_grmember',
    label: 'Group Member',
    fields: { user: { reference: 'sys_user', isDisplay: true }, group: { reference: 'sys_user_group' } },
  },
  { name: 'sys_user_group', label: 'Group', fields: { name: { isDisplay: true }, parent: { reference: 'sys_user_group' } } },
  {
    name: 'task',
    label: 'Task',
    fields: {
      number: { isDisplay: true },
      short_description: {},
      active: { type: 'boolean' },
      priority: { type: 'integer', choices: { 1: 'Critical', 2: 'High', 3: 'Moderate' } },
      state: { type: 'integer', choices: { 1: 'New', 2: 'In Progress', 7: 'Closed' } },
      cost: { type: 'decimal' },
      opened_at: { type: 'glide_date_time' },
      due: { type: 'glide_date' },
      work_time: { type: 'glide_duration' },
      assigned_to: { reference: 'sys_user' },
      assignment_group: { reference: 'sys_user_group' },
      parent: { reference: 'task' },
      watch_list: { type: 'glide_list', reference: 'sys_user' },
      work_notes: { type: 'journal_input' },
      kind: { reference: 'sys_db_object', referenceKey: 'name' },
    },
  },
  {
    name: 'incident',
    label: 'Incident',
    parent: 'task',
    fields: {
      caller_id: { reference: 'sys_user' },
      category: { type: 'choice', choices: { inquiry: 'Inquiry / Help', network: 'Network' } },
      parent_incident: { reference: 'incident' },
    },
  },
  { name: 'problem', label: 'Problem', parent: 'task', fields: { cause: {} } },
];

export const makeModel = (version = 1): { dictionary: Dictionary; shapes: readonly TableShape[]; table(name: string): Table } => {
  const tables = new Map<string, Table & { descendants: Table[] }>();
  const shapes: TableShape[] = [];
  for (const { name, label, parent: parentName, fields } of models) {
    const parent = parentName === undefined ? undefined : tables.get(parentName);
    const own = Object.entries(parent ? fields : { ...root, ...fields }).map(([element, words]) => fieldOf(name, element, words));
    const all = new Map([...(parent?.fields ?? []), ...own.map((field) => [field.element, field] as const)]);
    const table = {
      name,
      label,
      sysId: name,
      parent,
      chain: [] as Table[],
      descendants: [] as Table[],
      fields: all,
      displayField: [...all.values()].find((field) => field.isDisplay),
      isExtendable: true,
      isAudited: false,
      isOpenToWebServices: true,
    };
    table.chain.push(...(parent?.chain ?? []), table);
    for (const ancestor of table.chain) tables.get(ancestor.name)?.descendants.push(table);
    table.descendants.push(table);
    tables.set(name, table);
    const stored = own.filter((field) => field.column !== '').map((field) => ({ name: field.column, type: field.columnType }));
    shapes.push({ name, columns: parent ? [{ name: 'sys_id', type: 'text' }, ...stored] : stored });
  }
  const dictionary: Dictionary = { version, table: (name) => tables.get(name), tables: () => tables.values() };
  return {
    dictionary,
    shapes,
    table(name) {
      const table = tables.get(name);
      if (!table) throw new Error(`no table ${name} in the model`);
      return table;
    },
  };
};
