// What a client that builds forms and filters wants to know of a field.
// It must not describe a field to anyone who may not read it: the caller of this has seen to that.
import type { Dictionary } from '../../records/dictionary.ts';
import { fieldTypeOf } from '../../records/field_types/index.ts';
import { isJournal } from '../../records/field_types/unstored.ts';
import type { ReadableField } from '../../records/records.ts';
import type { Data } from '../say_data.ts';
import { pickerEntry } from './picker_entry.ts';

const choicesOf = ({ field }: ReadableField): Data[] => {
  const used = field.choices.filter(({ inactive }) => !inactive).sort((a, b) => a.sequence - b.sequence);
  // A choice that goes with several values of another field has a row for each.
  const listed: Data[] = [...new Map(used.map(({ value, label }) => [value, label]))].map(([value, label]) =>
    pickerEntry(value, label),
  );
  return field.choice === 1 ? [pickerEntry('', '-- None --'), ...listed] : listed;
};

export const describeColumn = (dictionary: Dictionary, described: ReadableField): Data => {
  const { field, mayWrite } = described;
  const target = field.reference === '' ? undefined : dictionary.table(field.reference);
  const hasChoices = field.choices.length > 0;
  const isStored = field.column !== '' && !fieldTypeOf(field.type).secret;
  return {
    name: field.element,
    label: field.label,
    type: hasChoices ? 'choice' : field.type,
    internal_type: field.type,
    base_type: field.type === 'reference' ? 'GUID' : field.type,
    max_length: field.maxLength,
    mandatory: field.mandatory,
    read_only: !mayWrite,
    default: field.defaultValue,
    hint: '',
    column_type: 'element',
    filterable: isStored,
    canmatch: isStored,
    cansort: isStored,
    cangroup: isStored && !isJournal(field.type),
    ...(target ? { reference: target.name, reference_display_field: target.displayField?.element ?? 'sys_id' } : {}),
    ...(hasChoices ? { choice_type: field.choice, choices: choicesOf(described) } : {}),
  };
};
