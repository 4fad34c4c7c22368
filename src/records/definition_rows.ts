// Built-in definitions → rows: tables, fields, choices, numbers and access rules, and the rows that the tables bring themselves.
// Pure; sync_dictionary.ts writes them.
import type { AllowedTo, FieldDefinition, TableDefinition } from './definition.ts';
import { fieldTypeOf } from './field_types/index.ts';
import { seedId } from './seed_id.ts';
import { systemFieldsOf } from './system_fields.ts';

export interface SeedRow {
  readonly table: string;
  readonly sysId: string;
  /** Stored text by element, without system fields. */
  readonly values: Readonly<Record<string, string>>;
}

const yes = (value: boolean | undefined): string => (value ? 'true' : 'false');

/** The fields a table owns: of a root the system fields too. */
export const ownFieldsOf = (definition: TableDefinition): readonly FieldDefinition[] =>
  definition.extends ? definition.fields : [...systemFieldsOf(definition.extendable ?? false), ...definition.fields];

const row = (table: string, key: readonly string[], values: Readonly<Record<string, string>>): SeedRow => ({
  table,
  sysId: seedId(table, ...key),
  values,
});

const tableRow = (definition: TableDefinition): SeedRow =>
  row('sys_db_object', [definition.name], {
    name: definition.name,
    label: definition.label,
    super_class: definition.extends ? seedId('sys_db_object', definition.extends) : '',
    is_extendable: yes(definition.extendable),
    ws_access: yes(definition.webServices ?? true),
    audit: yes(definition.audited),
    number_ref: definition.numberPrefix ? seedId('sys_number', definition.name) : '',
  });

/** The entry that stands for the table itself. */
const collectionRow = ({ name, label }: TableDefinition): SeedRow =>
  row('sys_dictionary', [name, ''], { name, element: '', column_label: label, internal_type: 'collection', active: 'true' });

const choiceKind = (field: FieldDefinition): string => {
  if (field.choice) return String(field.choice);
  if (!field.choices) return '';
  return field.default === undefined ? '1' : '3';
};

const fieldRow = (definition: TableDefinition, field: FieldDefinition): SeedRow =>
  row('sys_dictionary', [definition.name, field.element], {
    name: definition.name,
    element: field.element,
    column_label: field.label,
    internal_type: field.type,
    max_length: String(field.maxLength ?? fieldTypeOf(field.type).maxLength),
    reference: field.reference ?? '',
    reference_key: field.referenceKey ?? '',
    reference_cascade_rule: field.whenGone ?? '',
    mandatory: yes(field.mandatory),
    read_only: yes(field.readOnly),
    active: 'true',
    display: yes(field.display),
    unique: yes(field.unique),
    default_value: field.default ?? '',
    choice: choiceKind(field),
    dependent_on_field: field.dependent?.on ?? '',
    attributes: field.attributes ?? '',
  });

const choiceRows = (
  table: string,
  element: string,
  choices: Readonly<Record<string, string>>,
  dependent?: FieldDefinition['dependent'],
): SeedRow[] => {
  const entries = Object.entries(choices);
  // Whole numbers as keys come in numeric order and negative ones last, whatever the source says; states count upwards.
  if (entries.every(([value]) => /^-?\d+$/.test(value))) entries.sort(([a], [b]) => Number(a) - Number(b));
  const goesWith = (value: string): string[] => {
    const found = Object.entries(dependent?.choices ?? {}).filter(([, values]) => values.includes(value));
    return found.length === 0 ? [''] : found.map(([dependentValue]) => dependentValue);
  };
  return entries.flatMap(([value, label], index) =>
    goesWith(value).map((dependentValue, at) =>
      row('sys_choice', [table, element, value, ...(at === 0 ? [] : [dependentValue])], {
        name: table,
        element,
        value,
        label,
        sequence: String(index + 1),
        dependent_value: dependentValue,
        language: 'en',
        inactive: 'false',
      }),
    ),
  );
};

const overrideRow = (table: string, parent: string, element: string, value: string): SeedRow =>
  row('sys_dictionary_override', [table, element], {
    name: table,
    base_table: parent,
    element,
    default_value_override: 'true',
    default_value: value,
  });

const numberRow = (definition: TableDefinition, prefix: string): SeedRow =>
  row('sys_number', [definition.name], { category: definition.name, prefix, number: '10001', maximum_digits: '7' });

const aclRows = (name: string, operation: string, allowed: AllowedTo, condition = ''): SeedRow[] => {
  const key = [name, operation, condition];
  const rule = row('sys_security_acl', key, {
    name,
    operation,
    type: 'record',
    decision_type: 'allow',
    active: 'true',
    // Closed to everybody means admin too.
    admin_overrides: yes(allowed === 'any' || allowed.length > 0),
    condition,
  });
  const roles = allowed === 'any' ? [] : allowed.length === 0 ? ['nobody'] : allowed;
  return [
    rule,
    ...roles.map((role) =>
      row('sys_security_acl_role', [...key, role], {
        sys_security_acl: rule.sysId,
        sys_user_role: seedId('sys_user_role', role),
      }),
    ),
  ];
};

const accessRows = (definition: TableDefinition): SeedRow[] => [
  ...Object.entries(definition.access ?? {}).flatMap(([operation, allowed]) => aclRows(definition.name, operation, allowed)),
  ...Object.entries(definition.rowAccess ?? {}).flatMap(([operation, condition]) =>
    aclRows(definition.name, operation, 'any', condition),
  ),
  ...Object.entries(definition.fieldAccess ?? {}).flatMap(([element, access]) =>
    Object.entries(access).flatMap(([operation, allowed]) => aclRows(`${definition.name}.${element}`, operation, allowed)),
  ),
];

const givenRows = (definition: TableDefinition, rows: readonly Readonly<Record<string, string>>[] | undefined): SeedRow[] =>
  (rows ?? []).map(({ sys_id: sysId, ...values }) => {
    if (!sysId) throw new Error(`a built-in row of ${definition.name} has no sys_id`);
    return { table: definition.name, sysId, values };
  });

/** Every row that the definitions stand for, in an order in which they can be written. */
export const rowsOf = (definitions: readonly TableDefinition[], options: { demoData: boolean }): SeedRow[] =>
  definitions.flatMap((definition) => [
    tableRow(definition),
    collectionRow(definition),
    ...ownFieldsOf(definition).map((field) => fieldRow(definition, field)),
    ...ownFieldsOf(definition).flatMap((field) =>
      choiceRows(definition.name, field.element, field.choices ?? {}, field.dependent),
    ),
    ...Object.entries(definition.inheritedChoices ?? {}).flatMap(([element, choices]) =>
      choiceRows(definition.name, element, choices),
    ),
    ...Object.entries(definition.inheritedDefaults ?? {}).map(([element, value]) =>
      overrideRow(definition.name, definition.extends ?? '', element, value),
    ),
    ...(definition.numberPrefix ? [numberRow(definition, definition.numberPrefix)] : []),
    ...accessRows(definition),
    ...givenRows(definition, definition.rows),
    ...(options.demoData ? givenRows(definition, definition.demoRows) : []),
  ]);
