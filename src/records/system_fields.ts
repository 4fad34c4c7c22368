// The fields every table has. Set by the record layer alone.
import type { FieldDefinition } from './definition.ts';

const everywhere: readonly FieldDefinition[] = [
  { element: 'sys_id', label: 'Sys ID', type: 'GUID', maxLength: 32 },
  { element: 'sys_created_on', label: 'Created', type: 'glide_date_time' },
  { element: 'sys_created_by', label: 'Created by', type: 'string', maxLength: 40 },
  { element: 'sys_updated_on', label: 'Updated', type: 'glide_date_time' },
  { element: 'sys_updated_by', label: 'Updated by', type: 'string', maxLength: 40 },
  { element: 'sys_mod_count', label: 'Updates', type: 'integer' },
];

const className: FieldDefinition = { element: 'sys_class_name', label: 'Class', type: 'sys_class_name', maxLength: 80 };

/** System fields of a table that extends nothing; the tables below it inherit them. */
export const systemFieldsOf = (isExtendable: boolean): readonly FieldDefinition[] =>
  isExtendable ? [...everywhere, className] : everywhere;

const names: ReadonlySet<string> = new Set([...everywhere, className].map((field) => field.element));

export const isSystemField = (element: string): boolean => names.has(element);

/** Order of the system fields in a record; every other field comes after them. */
export const systemFieldNames: readonly string[] = [...names];
