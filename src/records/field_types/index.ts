// The list of field types. Must hold no rule of its own.
import { booleanTypes } from './boolean.ts';
import type { FieldType } from './field_type.ts';
import { dateTypes, durationTypes, momentTypes, timeTypes } from './moment.ts';
import { decimalTypes, integerTypes, longTypes } from './number.ts';
import { keyTypes, listTypes, referenceTypes } from './reference.ts';
import { passwordTypes, sealedTypes } from './secret.ts';
import { exactTextTypes, lineTypes, longTextTypes, textTypes } from './text.ts';
import { journalTypes, virtualTypes } from './unstored.ts';

export const fieldTypeFamilies: readonly FieldType[] = [
  textTypes,
  lineTypes,
  exactTextTypes,
  longTextTypes,
  integerTypes,
  longTypes,
  decimalTypes,
  booleanTypes,
  momentTypes,
  dateTypes,
  timeTypes,
  durationTypes,
  keyTypes,
  referenceTypes,
  listTypes,
  passwordTypes,
  sealedTypes,
  journalTypes,
  virtualTypes,
];

const byName: ReadonlyMap<string, FieldType> = new Map(
  fieldTypeFamilies.flatMap((family) => family.names.map((name) => [name, family] as const)),
);

/** What the type `name` means; a type that is not known is kept as text. */
export const fieldTypeOf = (name: string): FieldType => byName.get(name) ?? textTypes;

export const isKnownFieldType = (name: string): boolean => byName.has(name);
