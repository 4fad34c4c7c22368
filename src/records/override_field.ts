// A field as a table below its owner has it: choices of its own, and what a row of sys_dictionary_override says otherwise. Pure.
import type { Choice, Field } from './dictionary.ts';
import { readAttributes } from './field_attributes.ts';

export const overrideColumns = [
  'name',
  'element',
  'default_value_override',
  'default_value',
  'mandatory_override',
  'mandatory',
  'read_only_override',
  'read_only',
  'display_override',
  'attributes_override',
  'attributes',
  'dependent_override',
  'dependent',
] as const;

type Cells = Readonly<Record<string, string>>;

const isTrue = (text: string | undefined): boolean => text === '1';

/** The field itself where nothing differs. What the column holds (type, length, reference) is the owner's to say. */
export const overrideField = (field: Field, override: Cells | undefined, choices: readonly Choice[] | undefined): Field => {
  if (!override) return choices ? { ...field, choices } : field;
  const says = (part: string): boolean => isTrue(override[`${part}_override`]);
  return {
    ...field,
    choices: choices ?? field.choices,
    defaultValue: says('default_value') ? (override.default_value ?? '') : field.defaultValue,
    mandatory: says('mandatory') ? isTrue(override.mandatory) : field.mandatory,
    readOnly: says('read_only') ? isTrue(override.read_only) : field.readOnly,
    isDisplay: says('display') || field.isDisplay,
    attributes: says('attributes') ? readAttributes(override.attributes ?? '') : field.attributes,
    dependentOn: says('dependent') ? (override.dependent ?? '') : field.dependentOn,
  };
};
