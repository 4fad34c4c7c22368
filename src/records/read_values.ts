// What a caller wrote → what may be stored: unknown, forbidden and senseless values are left out without a word, as the platform does; of a
// field that is strict a senseless one is refused, because what stands there instead would mean something else.
import type { Fault } from '../kit/fault.ts';
import type { Caller } from './caller.ts';
import type { Field, Table } from './dictionary.ts';
import { fieldTypeOf } from './field_types/index.ts';
import { isSysId } from './field_types/reference.ts';
import { isJournal } from './field_types/unstored.ts';
import type { Row, Values } from './records.ts';
import { valueRefused, valueTooLong } from './refusals.ts';
import type { Rights } from './rights.ts';
import { isSystemField } from './system_fields.ts';

export interface ReadValues {
  /** Stored text by element; '' clears. Secrets are still as the caller wrote them. */
  readonly values: Record<string, string>;
  readonly journals: Array<{ element: string; text: string }>;
}

export interface ReadValuesOptions {
  caller: Caller;
  rights: Rights;
  /** Values that are not among a field's choices are stored. */
  anyChoice: boolean;
  isDisplay: boolean;
  /** Fields that may be written in this record, beside those that may be in every one. */
  granted?: ReadonlySet<string> | undefined;
  /** The record as it is; absent for a new one. */
  before?: Row | undefined;
}

// A text that is cut must not end in half a character.
const cut = (text: string, maxLength: number): string => {
  const last = text.charCodeAt(maxLength - 1);
  return text.slice(0, last >= 0xd800 && last <= 0xdbff ? maxLength - 1 : maxLength);
};

const fit = (field: Field, text: string): string => {
  if (text.length <= field.maxLength) return text;
  // Where a cut value would stand for somebody or something else, it is refused instead.
  const mustNotCut = field.isUnique || field.attributes.has('no_truncate') || fieldTypeOf(field.type).secret !== undefined;
  if (mustNotCut || field.columnType !== 'text_nocase') throw valueTooLong(field.label, field.maxLength);
  return cut(text, field.maxLength);
};

/** Of choices that say the same the one that goes with the value of the field they depend on. */
const readChoice = (field: Field, text: string, isDisplay: boolean, dependsOn: string): string | undefined => {
  const ranked =
    field.dependentOn === ''
      ? field.choices
      : [...field.choices].sort((a, b) => Number(b.dependentValue === dependsOn) - Number(a.dependentValue === dependsOn));
  const byLabel = isDisplay ? ranked.find((choice) => choice.label.toLowerCase() === text.trim().toLowerCase()) : undefined;
  return (byLabel ?? ranked.find((choice) => choice.value === text))?.value;
};

const readOne = (
  field: Field,
  written: string,
  { caller, anyChoice, isDisplay }: ReadValuesOptions,
  dependsOn: string,
): string | undefined => {
  if ((field.choice === 1 || field.choice === 3) && field.choices.length > 0) {
    const chosen = readChoice(field, written, isDisplay, dependsOn);
    if (chosen !== undefined) return chosen;
    if (!anyChoice) return undefined;
  }
  const stored = fieldTypeOf(field.type).read(written, { isDisplay, timeZone: caller.timeZone, formats: caller.formats });
  if (stored === undefined) return undefined;
  if (field.type === 'reference' && field.referenceKey === 'sys_id' && !isSysId(stored)) return undefined;
  return fit(field, stored);
};

const senseless = (field: Field): Fault => {
  const values = field.type === 'boolean' ? ['true', 'false'] : field.choices.map(({ value }) => value);
  return valueRefused(field.label, values.length === 0 ? 'It must be a whole number' : `It must be one of: ${values.join(', ')}`);
};

/** Throws `records.value_too_long`, `records.value_refused`. References by display value were resolved before. */
export const readValues = (table: Table, written: Values, options: ReadValuesOptions): ReadValues => {
  const { caller, rights, granted } = options;
  const mayWrite = (field: Field): boolean =>
    caller.isSystem ||
    (!field.readOnly && (rights.mayField(caller, table, field, 'write') || granted?.has(field.element) === true));
  const values: Record<string, string> = Object.create(null);
  const journals: Array<{ element: string; text: string }> = [];
  const dependent: Array<readonly [Field, string]> = [];
  const keep = (field: Field, text: string, dependsOn: string): void => {
    const stored = readOne(field, text, options, dependsOn);
    if (stored !== undefined) values[field.element] = stored;
    else if (field.attributes.has('strict')) throw senseless(field);
  };
  for (const [element, text] of Object.entries(written)) {
    const field = table.fields.get(element);
    if (!field || isSystemField(element)) continue;
    if (!mayWrite(field)) continue;
    const type = fieldTypeOf(field.type);
    if (text === null || text === '') {
      // '' is what a reader of a secret sees; sending it back must not clear it. null says so on purpose.
      if (field.column !== '' && !(type.secret && text === '')) values[element] = type.emptyValue ?? '';
      continue;
    }
    if (isJournal(field.type)) {
      if (field.type !== 'journal_list')
        journals.push({ element, text: cut(type.read(text, { isDisplay: false, timeZone: 'UTC' }) ?? '', 65_000) });
      continue;
    }
    if (field.column === '') continue;
    if (field.dependentOn !== '' && field.dependentOn !== element) dependent.push([field, text]);
    else keep(field, text, '');
  }
  // What others depend on is known by now.
  for (const [field, text] of dependent)
    keep(field, text, values[field.dependentOn] ?? options.before?.[field.dependentOn] ?? '');
  return { values, journals };
};
